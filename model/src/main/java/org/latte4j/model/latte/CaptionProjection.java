package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/** A text's tokens to the width of the network's: Linear, GELU in its tanh form, Linear. */
final class CaptionProjection {
  private final Kernels kernels;
  private final Linear first;
  private final Linear second;
  private final Tensor hidden;
  private final Tensor activated;

  /**
   * Plans its activations.
   *
   * @param tokens of a text, at most
   */
  CaptionProjection(
      Kernels kernels, Arena arena, ParameterViews parameters, int tokens, int width) {
    this.kernels = kernels;
    this.first = new Linear(kernels, parameters, "caption_projection.linear_1");
    this.second = new Linear(kernels, parameters, "caption_projection.linear_2");
    this.hidden = arena.allocate(tokens, width);
    this.activated = arena.allocate(tokens, width);
  }

  /** text [L, W], projected [L, D]. */
  void forward(Tensor text, Tensor projected) {
    Tensor rows = RowGroup.part(hidden, 0, text.size(0));
    Tensor activatedRows = RowGroup.part(activated, 0, text.size(0));
    first.forwardWithoutBias(text, Write.SET, rows);
    kernels.biasGelu(rows, first.bias(), activatedRows);
    second.forward(activatedRows, projected);
  }
}
