package org.latte4j.spark.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationPlanTest {
  private static final ValidationPlan PLAN = new ValidationPlan(3, 5, 50, 4);

  @Test
  void bandsCoverEveryTimestepOnce() {
    ValidationPlan thirds = new ValidationPlan(3, 5, 50, 3);
    assertThat(thirds.first(0)).isZero();
    assertThat(thirds.last(2)).isEqualTo(999);
    for (int band = 1; band < 3; band++) {
      assertThat(thirds.first(band)).isEqualTo(thirds.last(band - 1) + 1);
    }
  }

  @Test
  void timestepsOfABandAreSpreadEvenlyOverIt() {
    int[] sorted = IntStream.range(0, 50).map(clip -> PLAN.timestep(clip, 2)).sorted().toArray();
    // 250 timesteps for 50 clips: one in the middle of every five.
    assertThat(sorted).containsExactly(IntStream.range(0, 50).map(i -> 502 + 5 * i).toArray());
  }

  @Test
  void timestepsAreDealtToTheClipsInAnotherOrderInEachBand() {
    int[] first = IntStream.range(0, 50).map(clip -> PLAN.timestep(clip, 0)).toArray();
    int[] second = IntStream.range(0, 50).map(clip -> PLAN.timestep(clip, 1) - 250).toArray();
    assertThat(first).isNotEqualTo(second);
    assertThat(first).isNotEqualTo(IntStream.of(first).sorted().toArray());
  }

  @Test
  void clipsGoRoundTheVideosWithNumbersThatNoTrainingSampleHas() {
    assertThat(IntStream.range(0, 10).map(clip -> PLAN.visit(clip).video()))
        .containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
    assertThat(IntStream.range(0, 50).mapToLong(clip -> PLAN.visit(clip).sample()))
        .allMatch(sample -> sample < 0)
        .doesNotHaveDuplicates();
  }
}
