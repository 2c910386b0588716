package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.api.java.JavaSparkContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.latte4j.spark.LocalSpark;

/** What is told when the slices are gone, and the rounds that made them are forgotten. */
class StateLostTest {
  private static final SlicePlan PLAN = SlicePlan.withTarget(PlainNetwork.TENSORS, 200);

  private static JavaSparkContext spark;
  private AveragingRounds<PlainNetwork> rounds;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @BeforeEach
  void loseTheStateAfterARound() {
    rounds =
        AveragingRounds.of(spark, new PlainSteps(1), PLAN, PlainSteps::fill)
            .workers(2)
            .lineage(Lineage.NONE)
            .start();
    rounds.advance();
    rounds.state().forget(true);
  }

  @AfterEach
  void close() {
    rounds.close();
  }

  @Test
  void theNextRoundSaysThatTheStateIsLost() {
    assertLost(rounds::advance);
  }

  @Test
  void workOnSlicesSaysThatTheStateIsLost() {
    assertLost(() -> rounds.state().mapSlices((plan, slice, values) -> slice.index()));
  }

  @Test
  void workOnWholeVectorsSaysThatTheStateIsLost() {
    assertLost(
        () ->
            rounds
                .state()
                .mapVector(
                    StateVector.EMA,
                    1,
                    (task, plan, slices) -> {
                      slices.forEachRemaining(slice -> {});
                      return task;
                    }));
  }

  private static void assertLost(ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOf(StateLostException.class)
        .hasMessageContaining("has to go on from its newest checkpoint");
  }
}
