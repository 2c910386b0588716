package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Float16Test {
  private static final int HALVES = 1 << 16;
  private static final int INFINITY = 0x7c00;

  @Test
  void everyHalfHasTheValueOfItsDefinition() {
    for (int half = 0; half < HALVES; half++) {
      float value = Float16.toFloat((short) half);
      double expected = definition(half);
      if (Double.isNaN(expected)) {
        assertThat(value).isNaN();
      } else {
        assertThat(Float.floatToRawIntBits(value))
            .as("half 0x%04x", half)
            .isEqualTo(Float.floatToRawIntBits((float) expected));
      }
    }
  }

  private static double definition(int half) {
    double sign = half >>> 15 == 0 ? 1 : -1;
    int exponent = (half >>> 10) & 31;
    int fraction = half & 1023;
    if (exponent == 31) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb(fraction, -24)
        : sign * Math.scalb(1024 + fraction, exponent - 25);
  }

  @Test
  void everyHalfComesBack() {
    for (int half = 0; half < HALVES; half++) {
      float value = Float16.toFloat((short) half);
      short back = Float16.fromFloat(value);
      if (Float.isNaN(value)) {
        // The quiet bit is set; sign and the other bits stay.
        assertThat(back).isEqualTo((short) (half | 0x0200));
      } else {
        assertThat(back).as("half 0x%04x", half).isEqualTo((short) half);
      }
    }
  }

  @Test
  void valuesBetweenHalvesGoToTheNearestAndTiesToTheEven() {
    for (int half = 0; half < INFINITY; half++) {
      float lower = Float16.toFloat((short) half);
      // Beyond the largest half, rounding goes on as if the exponent did.
      float upper = half + 1 == INFINITY ? 65536 : Float16.toFloat((short) (half + 1));
      float middle = (lower + upper) / 2;
      int even = half % 2 == 0 ? half : half + 1;
      assertRounds(Math.nextDown(middle), half);
      assertRounds(middle, even);
      assertRounds(Math.nextUp(middle), half + 1);
      assertRounds(Math.nextUp(lower), half);
      assertRounds(Math.nextDown(upper), half + 1);
    }
  }

  private static void assertRounds(float value, int half) {
    assertThat(Float16.fromFloat(value)).as("%s", value).isEqualTo((short) half);
    assertThat(Float16.fromFloat(-value)).as("%s", -value).isEqualTo((short) (half | 0x8000));
  }

  @Test
  void valuesOutOfRangeBecomeInfiniteOrZero() {
    assertRounds(Float.MAX_VALUE, INFINITY);
    assertRounds(Float.POSITIVE_INFINITY, INFINITY);
    assertRounds(65536, INFINITY);
    assertRounds(Float.MIN_VALUE, 0);
    assertRounds(0, 0);
  }
}
