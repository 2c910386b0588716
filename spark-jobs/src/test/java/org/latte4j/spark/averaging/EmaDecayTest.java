package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EmaDecayTest {
  @Test
  void atOnceARoundsDecayIsThePowerOfItsSteps() {
    EmaDecay decay = new EmaDecay(0.9999, EmaDecay.Start.AT_ONCE);
    assertThat(decay.over(0, 1)).isEqualTo(0.9999);
    assertThat(decay.over(12, 4)).isEqualTo(StrictMath.pow(0.9999, 4));
  }

  @Test
  void aWarmUpRisesFromATenthToTheDecay() {
    EmaDecay decay = new EmaDecay(0.9999, EmaDecay.Start.WARM_UP);
    assertThat(decay.ofStep(0)).isEqualTo(0.1);
    assertThat(decay.ofStep(90)).isEqualTo(0.91);
    assertThat(decay.ofStep(89_989)).isLessThan(0.9999);
    assertThat(decay.ofStep(89_990)).isEqualTo(0.9999);
    assertThat(decay.ofStep(Long.MAX_VALUE / 2)).isEqualTo(0.9999);
  }

  @Test
  void aRoundsDecayIsTheProductOfItsSteps() {
    EmaDecay decay = new EmaDecay(0.5, EmaDecay.Start.WARM_UP);
    // 2/11 of step 1, 7/16 of step 6, 9/18 of step 8, and 0.5 from there on.
    assertThat(decay.over(1, 1)).isCloseTo(2 / 11.0, within(1e-15));
    assertThat(decay.over(6, 3)).isCloseTo(7 / 16.0 * 8 / 17.0 * 0.5, within(1e-15));
    assertThat(decay.over(9, 3)).isEqualTo(0.125);
  }

  @Test
  void aDecayOfOneIsRefused() {
    assertThatThrownBy(() -> new EmaDecay(1, EmaDecay.Start.AT_ONCE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 1), unlike 1.0");
  }
}
