package org.latte4j.model.latte;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Operand;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/**
 * y = x W^T + b, with the gradients of all three. W is [outputs, inputs], kept as a matrix whatever
 * shape it has in files.
 */
final class Linear {
  private final Kernels kernels;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor weightGradient;
  private final Tensor biasGradient;

  Linear(Kernels kernels, ParameterViews parameters, String name) {
    this.kernels = kernels;
    this.weight = matrix(parameters.value(name + ".weight"));
    this.bias = parameters.value(name + ".bias");
    this.weightGradient = matrix(parameters.gradient(name + ".weight"));
    this.biasGradient = parameters.gradient(name + ".bias");
  }

  private static Tensor matrix(Tensor weight) {
    int outputs = weight.size(0);
    return weight.reshape(outputs, Math.toIntExact(weight.length() / outputs));
  }

  /** y = x W^T + b. x [R, inputs], y [R, outputs]. */
  void forward(Tensor x, Tensor y) {
    forwardWithoutBias(x, Write.SET, y);
    kernels.addBias(y, bias);
  }

  /** y = x W^T, set or added, for callers whose next kernel adds {@link #bias()} itself. */
  void forwardWithoutBias(Tensor x, Write write, Tensor y) {
    kernels.multiply(x, Operand.PLAIN, weight, Operand.TRANSPOSED, write, y);
  }

  /** The bias [outputs]. */
  Tensor bias() {
    return bias;
  }

  /** The bias's gradient [outputs], to be added to. */
  Tensor biasGradient() {
    return biasGradient;
  }

  /** Adds the gradients of weight and bias. x as in the forward pass, dY [R, outputs]. */
  void backwardParameters(Tensor x, Tensor dY) {
    backwardWeight(x, dY);
    kernels.addColumnSums(dY, biasGradient);
  }

  /** Adds the weight's gradient alone. */
  void backwardWeight(Tensor x, Tensor dY) {
    kernels.multiply(dY, Operand.TRANSPOSED, x, Operand.PLAIN, Write.ADD, weightGradient);
  }

  /** dX = dY W, set or added. */
  void backwardInput(Tensor dY, Write write, Tensor dX) {
    kernels.multiply(dY, Operand.PLAIN, weight, Operand.PLAIN, write, dX);
  }
}
