package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.objenesis.ObjenesisStd;

class PhaseClockTest {
  @Test
  void addsUpAPhasesTime() {
    PhaseClock clock = new PhaseClock();
    clock.add(new PhaseClock.Spent(Phase.LOAD, 1));
    clock.add(new PhaseClock.Spent(Phase.LOAD, 2));
    assertThat(clock.value()).isEqualTo(Map.of(Phase.LOAD, 3.0));
  }

  @Test
  void aCopyKeepsItsTimeWhenTheOriginalGoesOn() {
    PhaseClock clock = new PhaseClock();
    clock.add(new PhaseClock.Spent(Phase.STEPS, 1));
    PhaseClock copy = clock.copy();
    clock.add(new PhaseClock.Spent(Phase.STEPS, 1));
    assertThat(copy.value()).isEqualTo(Map.of(Phase.STEPS, 1.0));
  }

  /** An executor whose heartbeat throws sends none any more, and counts as lost. */
  @Test
  void aHeartbeatMayAskAClockThatHasNotBeenReadToItsEnd() {
    PhaseClock halfRead = new ObjenesisStd().newInstance(PhaseClock.class);
    assertThat(halfRead.isZero()).isTrue();
    assertThat(halfRead.value()).isEmpty();
  }

  @Test
  void anActivityReportToo() {
    ActivityReport halfRead = new ObjenesisStd().newInstance(ActivityReport.class);
    assertThat(halfRead.isZero()).isTrue();
    assertThat(halfRead.value()).isEqualTo(TaskActivity.NOT_BEGUN);
  }
}
