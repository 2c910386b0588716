package org.latte4j.model.diffusion;

import java.util.Arrays;

/**
 * The smallest and largest latent value of each channel over a data set. A sampler limits the
 * predicted x_0 to it: without that, the samples of a model trained for hours rather than weeks
 * diverge.
 *
 * <p>Immutable.
 */
public final class ChannelRanges {
  private final float[] minimum;
  private final float[] maximum;

  /**
   * One range a channel.
   *
   * @param minimum lower ends [C]
   * @param maximum upper ends [C], none below its lower end
   */
  public ChannelRanges(float[] minimum, float[] maximum) {
    if (minimum.length != maximum.length || minimum.length == 0) {
      throw new IllegalArgumentException(
          "channel ranges need as many minima as maxima, not %d and %d"
              .formatted(minimum.length, maximum.length));
    }
    for (int c = 0; c < minimum.length; c++) {
      if (!(minimum[c] <= maximum[c])) {
        throw new IllegalArgumentException(
            "the range of channel %d runs from %s to %s: the first must not exceed the second"
                .formatted(c, minimum[c], maximum[c]));
      }
    }
    this.minimum = minimum.clone();
    this.maximum = maximum.clone();
  }

  /** Number of channels C. */
  public int channels() {
    return minimum.length;
  }

  /** Lower end of a channel's range. */
  public float minimum(int channel) {
    return minimum[channel];
  }

  /** Upper end of a channel's range. */
  public float maximum(int channel) {
    return maximum[channel];
  }

  /** The nearest value inside of the channel's range; NaN stays NaN. */
  public double clamp(int channel, double value) {
    return Math.min(Math.max(value, minimum[channel]), maximum[channel]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelRanges that
        && Arrays.equals(minimum, that.minimum)
        && Arrays.equals(maximum, that.maximum);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(minimum) + Arrays.hashCode(maximum);
  }

  @Override
  public String toString() {
    return "ChannelRanges[minimum=%s, maximum=%s]"
        .formatted(Arrays.toString(minimum), Arrays.toString(maximum));
  }
}
