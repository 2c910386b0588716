package org.latte4j.spark.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.latte4j.spark.doctor.Finding.Level;

class MemoryCheckTest {
  private static final long GIB = 1L << 30;

  @Test
  void limitsThatFitAreFine() {
    assertThat(MemoryCheck.limits(16 * GIB, 4 * GIB, 9 * GIB, 14 * GIB).level())
        .isEqualTo(Level.FINE);
  }

  @Test
  void limitsBeyondTheMachineAreAWarning() {
    assertThat(MemoryCheck.limits(8 * GIB, 4 * GIB, 9 * GIB, 7 * GIB).level())
        .isEqualTo(Level.WARNING);
    assertThat(MemoryCheck.limits(8 * GIB, 2 * GIB, 4 * GIB, 14 * GIB).level())
        .isEqualTo(Level.WARNING);
  }

  @Test
  void noLimitsAreAWarning() {
    assertThat(MemoryCheck.limits(8 * GIB, 2 * GIB, 0, 0).level()).isEqualTo(Level.WARNING);
  }

  @Test
  void nearlyNoMemoryForArraysIsUnusable() {
    assertThat(MemoryCheck.limits(8 * GIB, 2 * GIB, GIB / 2, 4 * GIB).level())
        .isEqualTo(Level.UNUSABLE);
  }

  @Test
  void controlGroupWithoutALimitHasNone() {
    assertThat(MemoryCheck.parseLimit("max\n")).isEmpty();
    assertThat(MemoryCheck.parseLimit("9223372036854771712\n")).isEmpty();
    assertThat(MemoryCheck.parseLimit("2147483648\n")).hasValue(2 * GIB);
  }
}
