package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** Flattened text embedding -> SiLU -> Linear, added to the condition. */
final class TextEmbedding {
  private final Kernels kernels;
  private final Linear projection;
  private final Tensor activated;
  private final Tensor projected;

  /**
   * A projection of so many texts.
   *
   * @param items conditions of a pass
   */
  TextEmbedding(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      int items,
      ParameterViews parameters) {
    this.kernels = kernels;
    this.projection = new Linear(kernels, parameters, "text_embedding_projection.1");
    this.activated = arena.allocate(items, configuration.architecture().text().length());
    this.projected = arena.allocate(items, configuration.hiddenSize());
  }

  /** Adds the projections. text [items, 77 768], condition [items, D]. */
  void forward(Tensor text, Tensor condition) {
    kernels.silu(text, activated);
    projection.forward(activated, projected);
    kernels.add(projected, condition);
  }

  void backward(Tensor dCondition) {
    projection.backwardParameters(activated, dCondition);
  }
}
