package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BFloat16Test {
  private static final int VALUES = 1 << 16;
  private static final int INFINITY = 0x7f80;

  @Test
  void everyValueComesBack() {
    for (int bits = 0; bits < VALUES; bits++) {
      float value = BFloat16.toFloat((short) bits);
      short back = BFloat16.fromFloat(value);
      if (Float.isNaN(value)) {
        assertThat(back).isEqualTo((short) (bits | 0x0040));
      } else {
        assertThat(back).as("0x%04x", bits).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void valuesInBetweenGoToTheNearestAndTiesToTheEven() {
    for (int bits = 0; bits < INFINITY; bits++) {
      // The exact middle, found without the bit pattern.
      double lower = BFloat16.toFloat((short) bits);
      double upper = bits + 1 == INFINITY ? 0x1p128 : BFloat16.toFloat((short) (bits + 1));
      float middle = (float) ((lower + upper) / 2);
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertRounds(Math.nextDown(middle), bits);
      assertRounds(middle, even);
      assertRounds(Math.nextUp(middle), bits + 1);
    }
  }

  private static void assertRounds(float value, int bits) {
    assertThat(BFloat16.fromFloat(value)).as("%s", value).isEqualTo((short) bits);
    assertThat(BFloat16.fromFloat(-value)).as("%s", -value).isEqualTo((short) (bits | 0x8000));
  }

  @Test
  void oneIsTheUpperHalfOfTheFloat() {
    assertThat(BFloat16.toFloat((short) 0x3f80)).isEqualTo(1f);
    assertThat(BFloat16.toFloat((short) 0xc049)).isEqualTo(-3.140625f);
  }
}
