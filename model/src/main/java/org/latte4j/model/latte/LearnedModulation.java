package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Shifts and scales that are parameters, the same for every condition: an ordinary layer norm with
 * weight 1 + scale and bias shift.
 */
final class LearnedModulation implements Modulation {
  private final Kernels kernels;
  private final Tensor values;
  private final Tensor parameterGradient;
  private final GradientBuffers gradients;

  /**
   * Over parameters.
   *
   * @param name of the parameter [n, D]
   * @param groups number of row groups that set gradients
   */
  LearnedModulation(
      Kernels kernels, Arena arena, ParameterViews parameters, String name, int groups) {
    this.kernels = kernels;
    Tensor parameter = parameters.value(name);
    int width = Math.toIntExact(parameter.length());
    this.values = parameter.reshape(1, width);
    this.parameterGradient = parameters.gradient(name).reshape(width);
    this.gradients = new GradientBuffers(kernels, arena, groups, width);
  }

  @Override
  public void forward() {
    gradients.clear();
  }

  @Override
  public Tensor values(RowGroup group) {
    return values;
  }

  @Override
  public Tensor gradients(RowGroup group) {
    return row(group, gradients.own());
  }

  private static Tensor row(RowGroup group, Tensor matrix) {
    return RowGroup.part(matrix, group.index(), 1);
  }

  @Override
  public Modulation shared() {
    return new SharedModulation(this::values, LearnedModulation::row, gradients.add());
  }

  @Override
  public void backward() {
    kernels.addColumnSums(gradients.sum(), parameterGradient);
  }
}
