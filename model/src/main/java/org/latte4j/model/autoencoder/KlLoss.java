package org.latte4j.model.autoencoder;

/**
 * The loss of an autoencoder with a KL-regular latent space, and its gradients, for one image at a
 * time: mean absolute error of the reconstruction, plus a weight times the posterior's divergence
 * from a standard normal. As latent diffusion's (arXiv 2112.10752, appendix G) without perceptual
 * and adversarial terms: there both are sums over an image, here both are divided by its number of
 * colour values, so that a weight means the same.
 *
 * <p>Gradients are of the mean over a batch. Arithmetic is in double precision, functions are
 * {@link StrictMath}'s: the same bits on every machine. Immutable.
 *
 * @param klWeight factor of the divergence
 * @param batch images of a step
 */
record KlLoss(double klWeight, int batch) {
  private static final float LEAST_LOG_VARIANCE = -30;
  private static final float GREATEST_LOG_VARIANCE = 20;

  /** Keeps log variances to where their exponential is of use. */
  static float clamp(float logVariance) {
    return Math.max(LEAST_LOG_VARIANCE, Math.min(GREATEST_LOG_VARIANCE, logVariance));
  }

  /**
   * A sample of the posterior: mean + deviation * noise.
   *
   * @param moments [2C, h, w]: means, then log variances, not clamped yet
   * @param noise standard normal [C, h, w]
   * @param z receives [C, h, w]
   */
  void draw(float[] moments, float[] noise, float[] z) {
    for (int i = 0; i < z.length; i++) {
      double deviation = StrictMath.exp(0.5 * clamp(moments[z.length + i]));
      z[i] = (float) (moments[i] + deviation * noise[i]);
    }
  }

  /**
   * The mean absolute error of an image.
   *
   * @param image [3, H, W]
   * @param decoded [3, H, W]
   * @param dDecoded receives its gradient
   */
  double reconstruction(float[] image, float[] decoded, float[] dDecoded) {
    double sum = 0;
    float unit = (float) (1.0 / ((double) batch * image.length));
    for (int i = 0; i < image.length; i++) {
      float error = decoded[i] - image[i];
      sum += Math.abs(error);
      dDecoded[i] = Math.signum(error) * unit;
    }
    return sum / image.length;
  }

  /**
   * The posterior's divergence from a standard normal, its sum divided by the colour values of the
   * image; without the weight.
   *
   * @param moments as for {@link #draw}
   * @param noise that was drawn with
   * @param dZ gradient of the sample [C, h, w]
   * @param colours number of colour values of the image
   * @param dMoments receives the gradient through sample and divergence [2C, h, w]
   */
  double divergence(float[] moments, float[] noise, float[] dZ, int colours, float[] dMoments) {
    double weight = klWeight / ((double) batch * colours);
    double sum = 0;
    int values = dZ.length;
    for (int i = 0; i < values; i++) {
      double mean = moments[i];
      double logVariance = clamp(moments[values + i]);
      double deviation = StrictMath.exp(0.5 * logVariance);
      double variance = deviation * deviation;
      sum += 0.5 * (mean * mean + variance - 1 - logVariance);
      dMoments[i] = (float) (dZ[i] + weight * mean);
      boolean clamped = logVariance != moments[values + i];
      dMoments[values + i] =
          clamped
              ? 0
              : (float) (0.5 * deviation * noise[i] * dZ[i] + 0.5 * weight * (variance - 1));
    }
    return sum / colours;
  }
}
