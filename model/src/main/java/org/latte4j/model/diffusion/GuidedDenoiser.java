package org.latte4j.model.diffusion;

import java.util.Arrays;

/**
 * Classifier-free guidance (arXiv 2207.12598): noise = unconditional + scale (conditional -
 * unconditional). The variance values are the conditional ones, unguided.
 *
 * <p>Each call is one call of the wrapped denoiser with twice the batch: all clips with their
 * labels, then all with the null label. Not thread-safe.
 */
public final class GuidedDenoiser implements Denoiser {
  private final Denoiser denoiser;
  private final LatentShape shape;
  private final double scale;
  private final int nullLabel;
  private float[] doubledX = {};
  private float[] doubledOutput = {};

  /**
   * Guides a denoiser.
   *
   * @param denoiser a class-conditional network
   * @param shape size of one clip
   * @param scale 1 is the plain conditional prediction, more follows the label more closely
   * @param nullLabel the label that stands for none: K, the number of classes
   */
  public GuidedDenoiser(Denoiser denoiser, LatentShape shape, double scale, int nullLabel) {
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("the guidance scale must be finite, not " + scale);
    }
    this.denoiser = denoiser;
    this.shape = shape;
    this.scale = scale;
    this.nullLabel = nullLabel;
  }

  @Override
  public void denoise(float[] x, int[] t, int[] y, float[] out) {
    int count = t.length;
    int length = count * shape.length();
    if (y.length != count) {
      throw new IllegalArgumentException(
          "guidance needs a label for each clip: %d labels for %d clips; a model without classes"
                  .formatted(y.length, count)
              + " is sampled without guidance");
    }
    if (x.length != length || out.length != 2 * length) {
      throw new IllegalArgumentException(
          "%d clips of %s need %d latents and %d outputs, not %d and %d"
              .formatted(count, shape, length, 2 * length, x.length, out.length));
    }
    if (doubledX.length != 2 * length) {
      doubledX = new float[2 * length];
      doubledOutput = new float[4 * length];
    }
    System.arraycopy(x, 0, doubledX, 0, length);
    System.arraycopy(x, 0, doubledX, length, length);
    int[] doubledT = Arrays.copyOf(t, 2 * count);
    System.arraycopy(t, 0, doubledT, count, count);
    int[] doubledY = Arrays.copyOf(y, 2 * count);
    Arrays.fill(doubledY, count, 2 * count, nullLabel);
    denoiser.denoise(doubledX, doubledT, doubledY, doubledOutput);
    combine(2 * length, out);
  }

  private void combine(int length, float[] out) {
    int frameLength = shape.frameLength();
    System.arraycopy(doubledOutput, 0, out, 0, length);
    for (int frame = 0; frame < length; frame += 2 * frameLength) {
      for (int i = frame; i < frame + frameLength; i++) {
        double unconditional = doubledOutput[length + i];
        out[i] = (float) (unconditional + scale * (doubledOutput[i] - unconditional));
      }
    }
  }
}
