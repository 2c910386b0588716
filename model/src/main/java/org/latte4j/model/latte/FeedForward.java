package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/** The feed-forward layer of a block: Linear to 4 D, GELU in its tanh form, Linear back to D. */
final class FeedForward implements Branch {
  private final Kernels kernels;
  private final Linear fc1;
  private final Linear fc2;
  private final Tensor hidden;
  private final Tensor activated;

  FeedForward(
      Kernels kernels, Arena arena, ParameterViews parameters, String name, int rows, int width) {
    this.kernels = kernels;
    this.fc1 = new Linear(kernels, parameters, name + ".fc1");
    this.fc2 = new Linear(kernels, parameters, name + ".fc2");
    this.hidden = arena.allocate(rows, LatteConfiguration.MLP_RATIO * width);
    this.activated = arena.allocate(rows, LatteConfiguration.MLP_RATIO * width);
  }

  @Override
  public void forward(Tensor input, Tensor out) {
    fc1.forwardWithoutBias(input, Write.SET, hidden);
    kernels.biasGelu(hidden, fc1.bias(), activated);
    fc2.forwardWithoutBias(activated, Write.SET, out);
  }

  @Override
  public Tensor bias() {
    return fc2.bias();
  }

  @Override
  public Tensor biasGradient() {
    return fc2.biasGradient();
  }

  @Override
  public void backward(Tensor input, Tensor dOut, BlockGradients g, Tensor dInput) {
    fc2.backwardWeight(activated, dOut);
    fc2.backwardInput(dOut, Write.SET, g.wide);
    kernels.biasGeluBackward(hidden, g.wide, fc1.biasGradient());
    fc1.backwardWeight(input, g.wide);
    fc1.backwardInput(g.wide, Write.SET, dInput);
  }
}
