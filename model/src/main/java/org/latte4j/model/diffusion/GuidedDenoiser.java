package org.latte4j.model.diffusion;

import java.util.Arrays;

/**
 * Classifier-free guidance (arXiv 2207.12598): prediction = unconditional + scale (conditional -
 * unconditional). The variance values are the conditional ones, unguided. Guiding v is guiding the
 * noise: given x_t, one is an affine function of the other.
 *
 * <p>Each call is one call of the wrapped denoiser with twice the batch: all clips with their
 * labels, then all with the null label. Where no clip's noise level lies in the guidance's
 * interval, it is a call with the batch itself. Not thread-safe.
 */
public final class GuidedDenoiser implements Denoiser {
  private final Denoiser denoiser;
  private final LatentShape shape;
  private final double scale;
  private final int nullLabel;
  private final GuidanceInterval interval;
  private final NoiseSchedule schedule = NoiseSchedule.linear();
  private float[] doubledX = {};
  private float[] doubledOutput = {};

  /**
   * Guides a denoiser at all noise levels.
   *
   * @param denoiser a class-conditional network
   * @param shape size of one clip
   * @param scale 1 is the plain conditional prediction, more follows the label more closely
   * @param nullLabel the label that stands for none: K, the number of classes
   */
  public GuidedDenoiser(Denoiser denoiser, LatentShape shape, double scale, int nullLabel) {
    this(denoiser, shape, scale, nullLabel, GuidanceInterval.ALWAYS);
  }

  private GuidedDenoiser(
      Denoiser denoiser,
      LatentShape shape,
      double scale,
      int nullLabel,
      GuidanceInterval interval) {
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("the guidance scale must be finite, not " + scale);
    }
    this.denoiser = denoiser;
    this.shape = shape;
    this.scale = scale;
    this.nullLabel = nullLabel;
    this.interval = interval;
  }

  /** The same guidance, at noise levels inside of the interval only. */
  public GuidedDenoiser within(GuidanceInterval interval) {
    return new GuidedDenoiser(denoiser, shape, scale, nullLabel, interval);
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
    if (Arrays.stream(t).noneMatch(this::isGuided)) {
      denoiser.denoise(x, t, y, out);
      return;
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
    System.arraycopy(doubledOutput, 0, out, 0, 2 * length);
    for (int clip = 0; clip < count; clip++) {
      if (isGuided(t[clip])) {
        combine(2 * clip * shape.length(), 2 * length, out);
      }
    }
  }

  private boolean isGuided(int timestep) {
    return interval.contains(schedule.noiseLevel(timestep));
  }

  /** Guides one clip's predicted channels; the unconditional output lies {@code apart} behind. */
  private void combine(int from, int apart, float[] out) {
    int frameLength = shape.frameLength();
    for (int frame = from; frame < from + 2 * shape.length(); frame += 2 * frameLength) {
      for (int i = frame; i < frame + frameLength; i++) {
        double unconditional = doubledOutput[apart + i];
        out[i] = (float) (unconditional + scale * (doubledOutput[i] - unconditional));
      }
    }
  }
}
