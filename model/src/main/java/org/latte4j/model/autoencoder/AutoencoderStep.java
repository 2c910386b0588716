package org.latte4j.model.autoencoder;

/**
 * What one training step of an autoencoder saw; means over the batch.
 *
 * @param reconstruction mean absolute error of a colour value; images are in [-1, 1]
 * @param divergence of the posterior from a standard normal, in nats a colour value of the image,
 *     without its weight
 * @param loss reconstruction + weight * divergence
 * @param gradientNorm of the loss, before clipping
 */
public record AutoencoderStep(
    double reconstruction, double divergence, double loss, double gradientNorm) {
  /** Whether loss and gradient norm are finite numbers. */
  public boolean finite() {
    return Double.isFinite(loss) && Double.isFinite(gradientNorm);
  }
}
