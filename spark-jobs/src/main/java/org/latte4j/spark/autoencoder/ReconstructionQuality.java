package org.latte4j.spark.autoencoder;

import java.util.Locale;

/**
 * How well images come back from an autoencoder's latents (the posterior's means).
 *
 * @param autoencoder {@code trained}, or the name of a cosine transform
 * @param frames that it was measured on
 * @param latentValues of one frame
 * @param psnr peak signal-to-noise ratio in decibels: of 8-bit colours, from the mean squared error
 *     over all frames; infinite where nothing is lost
 */
public record ReconstructionQuality(String autoencoder, int frames, int latentValues, double psnr) {
  private static final double PEAK = 255;

  /**
   * From errors summed up.
   *
   * @param squares sum of squared differences of 8-bit colours
   * @param colours number of colour values that it is over
   */
  static ReconstructionQuality of(
      String autoencoder, int frames, int latentValues, double squares, double colours) {
    double psnr = 10 * Math.log10(PEAK * PEAK * colours / squares);
    return new ReconstructionQuality(autoencoder, frames, latentValues, psnr);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "held-out videos, %s: PSNR %.2f dB (%d frames, %d latent values a frame)",
        autoencoder,
        psnr,
        frames,
        latentValues);
  }
}
