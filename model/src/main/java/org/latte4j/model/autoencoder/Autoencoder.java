package org.latte4j.model.autoencoder;

/**
 * Turns images into latents and back: the first stage of latent diffusion (arXiv 2112.10752,
 * section 3.1).
 *
 * <p>Images are [B, 3, H, W] in [-1, 1], latents [B, C, h, w] with h = H / downsampling; both
 * row-major and <em>unscaled</em>: the diffusion model sees latents times {@link #scalingFactor()}.
 *
 * <p>Not thread-safe: one instance a thread. Closing frees off-heap memory.
 */
public interface Autoencoder extends AutoCloseable {
  /** C. */
  int latentChannels();

  /** H / h, the same in both directions; H and W must be multiples of it. */
  int downsampling();

  /** What latents are multiplied by before diffusion (0.18215 for Stable Diffusion's). */
  double scalingFactor();

  /**
   * Identifies weights and settings: equal fingerprints mean the same latents. A short name, a
   * colon, and a SHA-256 in hexadecimal.
   */
  String fingerprint();

  /**
   * Mean and log variance of the posterior.
   *
   * @param images [B, 3, H, W] in [-1, 1]
   * @return moments [B, 2C, h, w]: in each image the C means, then the C log variances (clamped to
   *     [-30, 20])
   * @throws IllegalArgumentException if sizes do not fit
   */
  float[] encode(float[] images, int batch, int height, int width);

  /**
   * Images of latents.
   *
   * @param latents [B, C, h, w], unscaled
   * @param height h
   * @param width w
   * @return [B, 3, H, W], not clamped to [-1, 1]
   */
  float[] decode(float[] latents, int batch, int height, int width);

  @Override
  void close();
}
