package org.latte4j.model.parameters;

import java.io.Serializable;
import java.util.Arrays;
import org.latte4j.model.random.RandomStream;

/**
 * What the values of a parameter begin as.
 *
 * @param distribution they are drawn from
 * @param scale the constant, the deviation, or the greatest size
 */
public record Start(Distribution distribution, double scale) implements Serializable {
  /** All zeros. */
  public static final Start ZERO = new Start(Distribution.CONSTANT, 0);

  /** All ones. */
  public static final Start ONE = new Start(Distribution.CONSTANT, 1);

  /** Kinds of distributions. */
  public enum Distribution {
    /** The same value everywhere. */
    CONSTANT,
    /** Normal with mean 0. */
    NORMAL,
    /** Uniform in plus or minus the scale. */
    UNIFORM
  }

  /** Normal with mean 0. */
  public static Start normal(double deviation) {
    return new Start(Distribution.NORMAL, deviation);
  }

  /** Uniform in plus or minus a bound. */
  public static Start uniform(double bound) {
    return new Start(Distribution.UNIFORM, bound);
  }

  /** So many values. */
  float[] values(int length, RandomStream random) {
    float[] values = new float[length];
    switch (distribution) {
      case CONSTANT -> Arrays.fill(values, (float) scale);
      case NORMAL -> {
        for (int i = 0; i < length; i++) {
          values[i] = (float) (scale * random.normal());
        }
      }
      case UNIFORM -> {
        for (int i = 0; i < length; i++) {
          values[i] = (float) (scale * (2 * random.uniform() - 1));
        }
      }
    }
    return values;
  }
}
