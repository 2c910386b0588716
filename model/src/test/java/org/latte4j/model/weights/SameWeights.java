package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Comparison of two sources of weights, bit by bit. */
public final class SameWeights {
  private SameWeights() {}

  /** Names, shapes and all bits must be the same; the order of names may differ. */
  public static void assertSame(WeightSource actual, WeightSource expected) throws IOException {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.shape(name)).as(name).isEqualTo(expected.shape(name));
      assertThat(bits(actual.floats(name))).as(name).isEqualTo(bits(expected.floats(name)));
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
