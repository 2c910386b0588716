package org.latte4j.model.diffusion;

/**
 * A network that predicts the noise in a batch of noisy latents, or v (see {@link Prediction}).
 *
 * <p>Not thread-safe unless an implementation says so.
 */
@FunctionalInterface
public interface Denoiser {
  /**
   * One forward pass.
   *
   * @param x noisy latents [B, F, C, H, W], row-major
   * @param t timestep of each batch item on the original scale, 0..999
   * @param y class of each batch item (the null label is K); empty if the model has no classes
   * @param out receives [B, F, 2C, H, W]: in each frame the prediction, then the variance values
   */
  void denoise(float[] x, int[] t, int[] y, float[] out);
}
