package org.latte4j.model.diffusion;

import java.io.Serializable;

/**
 * The noise levels at which classifier-free guidance is applied: Kynkäänniemi et al. (arXiv
 * 2404.07724). At high levels guidance takes variety away, at low ones it changes almost nothing;
 * in between it helps.
 *
 * @param low level that is just outside, at least 0
 * @param high highest level inside, more than {@code low}; may be infinite
 */
public record GuidanceInterval(double low, double high) implements Serializable {
  /** All levels. */
  public static final GuidanceInterval ALWAYS = new GuidanceInterval(0, Double.POSITIVE_INFINITY);

  /** Refuses an empty interval. */
  public GuidanceInterval {
    if (!(low >= 0 && high > low)) {
      throw new IllegalArgumentException(
          "a guidance interval runs from a noise level of at least 0 to a higher one, not from %s to %s"
              .formatted(low, high));
    }
  }

  /** Whether guidance is applied at this {@linkplain NoiseSchedule#noiseLevel noise level}. */
  public boolean contains(double noiseLevel) {
    return noiseLevel > low && noiseLevel <= high;
  }
}
