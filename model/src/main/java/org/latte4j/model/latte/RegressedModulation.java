package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/** Adaptive layer norm's vectors: Linear(SiLU(c)) for each condition c. */
final class RegressedModulation implements Modulation {
  private final Linear linear;
  private final Tensor condition;
  private final Tensor dCondition;
  private final Tensor values;
  private final GradientBuffers gradients;

  /**
   * Plans the vectors of a scope's conditions.
   *
   * @param condition SiLU(c) [items, D]
   * @param dCondition [items, D], added to
   * @param vectors n
   */
  RegressedModulation(
      Kernels kernels,
      Arena arena,
      Linear linear,
      Tensor condition,
      Tensor dCondition,
      int vectors) {
    this.linear = linear;
    this.condition = condition;
    this.dCondition = dCondition;
    int items = condition.size(0);
    int width = vectors * condition.size(1);
    this.values = arena.allocate(items, width);
    this.gradients = new GradientBuffers(kernels, arena, items, width);
  }

  @Override
  public void forward() {
    linear.forward(condition, values);
    gradients.clear();
  }

  @Override
  public Tensor values(RowGroup group) {
    return group.items(values);
  }

  @Override
  public Tensor gradients(RowGroup group) {
    return group.items(gradients.own());
  }

  @Override
  public Modulation shared() {
    return new SharedModulation(this::values, RowGroup::items, gradients.add());
  }

  @Override
  public void backward() {
    Tensor dValues = gradients.sum();
    linear.backwardParameters(condition, dValues);
    linear.backwardInput(dValues, Write.ADD, dCondition);
  }
}
