package org.latte4j.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;
import org.latte4j.model.training.LearningRateSchedule.Decay;

class LearningRateScheduleTest {
  @Test
  void theRateRisesThenFallsAlongACosine() {
    LearningRateSchedule schedule = new LearningRateSchedule(1e-3, 10, 110, Decay.COSINE);
    assertThat(schedule.valueAt(0, 0)).isCloseTo(1e-4, offset(1e-12));
    assertThat(schedule.valueAt(9, 0)).isCloseTo(1e-3, offset(1e-12));
    assertThat(schedule.valueAt(60, 0)).isCloseTo(5e-4, offset(1e-12));
    assertThat(schedule.valueAt(110, 0)).isCloseTo(0, offset(1e-12));
  }
}
