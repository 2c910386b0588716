package org.latte4j.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalvesTest {
  @Test
  void bytesAreLittleEndian() {
    byte[] stored = new byte[6];
    Halves.store(new float[] {9, 1, -2}, 1, 2, stored, 2);
    assertThat(stored).containsExactly(0, 0, 0x00, 0x3C, 0x00, 0xC0);
    assertThat(Halves.at(stored, 4)).isEqualTo(-2f);
  }

  @Test
  void lowBytesAbove127AreNotTakenForNegative() {
    byte[] stored = new byte[2];
    Halves.store(new float[] {1.1f}, 0, 1, stored, 0);
    assertThat(stored).containsExactly(0x66, 0x3C);
    Halves.store(new float[] {0.1f + 0.01f}, 0, 1, stored, 0);
    assertThat(Halves.at(stored, 0)).isEqualTo(0.10998535f);
  }
}
