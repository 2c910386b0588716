package org.latte4j.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalvesTest {
  @Test
  void everyHalfSurvivesTheWayThroughFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Halves.toFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(Halves.toHalf(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void halfwayBetweenTwoHalvesRoundsToTheEvenOne() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      float below = Halves.toFloat((short) bits);
      float above = Halves.toFloat((short) (bits + 1));
      float middle = (below + above) / 2;
      short even = (short) ((bits & 1) == 0 ? bits : bits + 1);
      assertThat(Halves.toHalf(middle)).isEqualTo(even);
      assertThat(Halves.toHalf(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(Halves.toHalf(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
    }
  }

  @Test
  void knownValuesHaveTheirKnownBits() {
    assertThat(Halves.toHalf(1f)).isEqualTo((short) 0x3C00);
    assertThat(Halves.toHalf(-2f)).isEqualTo((short) 0xC000);
    assertThat(Halves.toHalf(65504f)).isEqualTo((short) 0x7BFF);
    assertThat(Halves.toHalf(65520f)).isEqualTo((short) 0x7C00);
    assertThat(Halves.toHalf(0x1p-25f)).isEqualTo((short) 0);
    assertThat(Halves.toFloat((short) 0x7E00)).isNaN();
  }

  @Test
  void bytesAreLittleEndian() {
    byte[] stored = new byte[6];
    Halves.store(new float[] {9, 1, -2}, 1, 2, stored, 2);
    assertThat(stored).containsExactly(0, 0, 0x00, 0x3C, 0x00, 0xC0);
    assertThat(Halves.at(stored, 4)).isEqualTo(-2f);
  }
}
