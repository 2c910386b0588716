package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/** Timestep -> 256 sinusoids -> Linear -> SiLU -> Linear (DiT, section 3.2). */
final class TimestepEmbedding {
  private static final double MAX_PERIOD = 10_000;
  private static final int FREQUENCIES = LatteConfiguration.TIMESTEP_FREQUENCIES;

  private final Kernels kernels;
  private final Linear first;
  private final Linear second;
  private final float[] sinusoidValues;
  private final Tensor sinusoids;
  private final Tensor hidden;
  private final Tensor activated;
  private final Tensor dActivated;
  private final Tensor dHidden;

  TimestepEmbedding(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      int items,
      ParameterViews parameters) {
    this.kernels = kernels;
    this.first = new Linear(kernels, parameters, "t_embedder.mlp.0");
    this.second = new Linear(kernels, parameters, "t_embedder.mlp.2");
    this.sinusoidValues = new float[items * FREQUENCIES];
    this.sinusoids = arena.allocate(items, FREQUENCIES);
    int d = configuration.hiddenSize();
    this.hidden = arena.allocate(items, d);
    this.activated = arena.allocate(items, d);
    this.dActivated = arena.allocate(items, d);
    this.dHidden = arena.allocate(items, d);
  }

  /** Sets the embeddings. t [items], condition [items, D]. */
  void forward(int[] t, Tensor condition) {
    sinusoids(t, sinusoidValues);
    kernels.upload(sinusoidValues, sinusoids);
    first.forward(sinusoids, hidden);
    kernels.silu(hidden, activated);
    second.forward(activated, condition);
  }

  void backward(Tensor dCondition) {
    second.backwardParameters(activated, dCondition);
    second.backwardInput(dCondition, Write.SET, dActivated);
    kernels.siluBackward(hidden, dActivated, dHidden);
    first.backwardParameters(sinusoids, dHidden);
  }

  /**
   * Cosines, then sines, of t at geometrically falling frequencies. Angles are rounded to float as
   * the reference's are: at t = 999 that rounding is larger than the tolerance of its weights.
   *
   * @param out [B, 256]
   */
  static void sinusoids(int[] t, float[] out) {
    int half = FREQUENCIES / 2;
    for (int i = 0; i < half; i++) {
      float exponent = (float) -Math.log(MAX_PERIOD) * i / half;
      float frequency = (float) Math.exp(exponent);
      for (int b = 0; b < t.length; b++) {
        float angle = t[b] * frequency;
        out[b * FREQUENCIES + i] = (float) Math.cos(angle);
        out[b * FREQUENCIES + half + i] = (float) Math.sin(angle);
      }
    }
  }
}
