package org.latte4j.data.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {
  @Test
  void everyVideoComesOnceAnEpoch() {
    TrainingPlan plan = new TrainingPlan(3, 17, 2, 4, 3);
    List<TrainingPlan.Visit> visits = inOrder(plan, 17 * 24);
    for (int epoch = 0; epoch < 24; epoch++) {
      List<TrainingPlan.Visit> once = visits.subList(17 * epoch, 17 * epoch + 17);
      assertThat(new HashSet<>(once.stream().map(TrainingPlan.Visit::video).toList())).hasSize(17);
      assertThat(once).extracting(TrainingPlan.Visit::epoch).containsOnly((long) epoch);
    }
  }

  @Test
  void samplesAreNumberedWithoutGaps() {
    List<TrainingPlan.Visit> visits = inOrder(new TrainingPlan(3, 5, 3, 2, 4), 96);
    for (int i = 0; i < visits.size(); i++) {
      assertThat(visits.get(i).sample()).isEqualTo(i);
    }
  }

  @Test
  void epochsHaveDifferentOrders() {
    List<TrainingPlan.Visit> visits = inOrder(new TrainingPlan(3, 50, 1, 1, 1), 100);
    assertThat(visits.subList(0, 50).stream().map(TrainingPlan.Visit::video).toList())
        .isNotEqualTo(visits.subList(50, 100).stream().map(TrainingPlan.Visit::video).toList());
  }

  @Test
  void theSameSeedGivesTheSamePlanAndAnotherSeedAnother() {
    TrainingPlan plan = new TrainingPlan(3, 50, 2, 2, 2);
    assertThat(inOrder(plan, 200)).isEqualTo(inOrder(new TrainingPlan(3, 50, 2, 2, 2), 200));
    assertThat(inOrder(plan, 200)).isNotEqualTo(inOrder(new TrainingPlan(4, 50, 2, 2, 2), 200));
  }

  @Test
  void moreLocalStepsARoundVisitTheSameSamplesInTheSameOrder() {
    assertThat(inOrder(new TrainingPlan(3, 9, 2, 1, 3), 120))
        .isEqualTo(inOrder(new TrainingPlan(3, 9, 2, 4, 3), 120));
  }

  @Test
  void distantRoundsAreReachedAtOnce() {
    TrainingPlan plan = new TrainingPlan(3, 1_000_003, 8, 100, 5);
    TrainingPlan.Visit visit = plan.visit(7, 1_000_000_000L, 99, 4);
    assertThat(visit.sample()).isEqualTo(4_000_000_003_999L);
    assertThat(visit.epoch()).isEqualTo(4_000_000_003_999L / 1_000_003);
  }

  @Test
  void aPlanThatComesIntoForceLaterGoesOnWithTheNextSample() {
    TrainingPlan first = new TrainingPlan(3, 9, 2, 4, 3);
    TrainingPlan then = new TrainingPlan(3, 9, 3, 2, 5).since(first.position(10));
    assertThat(first.position(10)).isEqualTo(new RunPosition(10, 40, 240));
    assertThat(then.visit(0, 10, 0, 0).sample()).isEqualTo(240);
    assertThat(then.visit(2, 10, 1, 4).sample()).isEqualTo(269);
    assertThat(then.visit(0, 11, 0, 0).sample()).isEqualTo(270);
    assertThat(then.position(12)).isEqualTo(new RunPosition(12, 44, 300));
  }

  @Test
  void roundsBeforeAPlanCameIntoForceAreRefused() {
    TrainingPlan then = new TrainingPlan(3, 9, 2, 1, 1).since(new RunPosition(10, 40, 240));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> then.visit(0, 9, 0, 0))
        .withMessageContaining("round 9 of a plan in force since round 10");
  }

  @Test
  void workersOutsideThePlanAreRefused() {
    TrainingPlan plan = new TrainingPlan(3, 5, 2, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plan.visit(2, 0, 0, 0))
        .withMessageContaining("worker 2 of a plan with 2");
  }

  private static List<TrainingPlan.Visit> inOrder(TrainingPlan plan, int samples) {
    List<TrainingPlan.Visit> visits = new ArrayList<>();
    for (long round = 0; visits.size() < samples; round++) {
      for (int step = 0; step < plan.localSteps(); step++) {
        for (int worker = 0; worker < plan.workers(); worker++) {
          for (int item = 0; item < plan.batch(); item++) {
            visits.add(plan.visit(worker, round, step, item));
          }
        }
      }
    }
    return visits.subList(0, samples);
  }
}
