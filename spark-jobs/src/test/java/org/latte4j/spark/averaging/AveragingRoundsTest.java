package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.spark.LocalSpark;

class AveragingRoundsTest {
  private static final int ROUNDS = 5;
  private static final double DECAY = 0.99;
  private static final SlicePlan PLAN = SlicePlan.withTarget(PlainNetwork.TENSORS, 200);

  private static JavaSparkContext spark;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "2, 4", "3, 1", "3, 4"})
  void everyVectorEqualsTheSequentialReferenceBitForBit(int workers, int steps) {
    try (AveragingRounds<PlainNetwork> rounds = builder(workers, steps).start()) {
      for (int i = 0; i < ROUNDS; i++) {
        rounds.advance();
      }
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()),
          SequentialAveraging.train(workers, steps, ROUNDS, DECAY));
    }
  }

  @Test
  void keepingTheLineageDoesNotChangeTheBits() {
    try (AveragingRounds<PlainNetwork> rounds =
        builder(2, 1).lineage(Lineage.RECENT_ROUNDS).start()) {
      for (int i = 0; i < ROUNDS; i++) {
        rounds.advance();
      }
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()), SequentialAveraging.train(2, 1, ROUNDS, DECAY));
    }
  }

  @Test
  void restartingFromEqualValuesGoesOnWithTheSameBits() {
    Map<StateVector, float[]> halfWay = SequentialAveraging.train(2, 1, 2, DECAY);
    try (AveragingRounds<PlainNetwork> rounds = builder(2, 1).start()) {
      rounds.advance();
      rounds.advance();
      rounds.restartFrom(
          (vector, slice, plan, into) ->
              into.put(halfWay.get(vector), (int) slice.offset(), slice.length()));
      rounds.advance();
      assertThat(rounds.state().rounds()).isEqualTo(3);
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()), SequentialAveraging.train(2, 1, 3, DECAY));
    }
  }

  @Test
  void everyTaskGetsAllOfAVectorInOrder() {
    Map<StateVector, float[]> expected = SequentialAveraging.train(2, 1, 1, DECAY);
    try (AveragingRounds<PlainNetwork> rounds = builder(2, 1).start()) {
      rounds.advance();
      for (StateVector vector : StateVector.values()) {
        List<float[]> gathered =
            rounds
                .state()
                .mapVector(
                    vector,
                    3,
                    (task, plan, slices) -> {
                      FloatBuffer all = FloatBuffer.allocate((int) plan.length());
                      slices.forEachRemaining(all::put);
                      return all.array();
                    });
        assertThat(gathered).hasSize(3);
        assertThat(gathered)
            .allSatisfy(values -> assertThat(values).isEqualTo(expected.get(vector)));
      }
    }
  }

  @Test
  void phasesAddUpToTheTimeOfTheRound() {
    try (AveragingRounds<PlainNetwork> rounds = builder(3, 4).start()) {
      RoundMetrics metrics = rounds.advance();
      assertThat(metrics.phases()).containsOnlyKeys(Phase.values());
      assertThat(metrics.phases().values()).allMatch(seconds -> seconds >= 0);
      assertThat(metrics.phases().values().stream().mapToDouble(s -> s).sum())
          .isCloseTo(metrics.seconds(), within(1e-6));
      assertThat(metrics.phases().get(Phase.SHUFFLE)).isPositive();
      assertThat(metrics.phases().get(Phase.AVERAGE)).isPositive();
    }
  }

  @Test
  void metricsOfEveryWorkerReachTheDriverInWorkerOrder() {
    try (AveragingRounds<PlainNetwork> rounds = builder(3, 4).start()) {
      rounds.advance();
      RoundMetrics metrics = rounds.advance();
      assertThat(metrics.round()).isEqualTo(1);
      assertThat(metrics.samples()).isEqualTo(12);
      assertThat(metrics.workers()).extracting(WorkerMetrics::worker).containsExactly(0, 1, 2);
      PlainNetwork network = new PlainNetwork();
      Map<StateVector, float[]> before = SequentialAveraging.train(3, 4, 1, DECAY);
      network.vectors.replaceAll((vector, values) -> before.get(vector));
      assertThat(metrics.workers().get(2).local()).isEqualTo(network.train(2, 1, 4));
    }
  }

  @Test
  void aFailedRoundNamesItsCauseAndLeavesTheStateAsItWas() {
    try (AveragingRounds<PlainNetwork> rounds =
        AveragingRounds.of(spark, new DamagedShard(), PLAN, PlainSteps::fill)
            .emaDecay(DECAY)
            .start()) {
      rounds.advance();
      assertThatThrownBy(rounds::advance)
          .isInstanceOf(RoundFailedException.class)
          .hasMessageContaining("round 1 failed")
          .hasMessageContaining("shard part-00003 is damaged");
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()), SequentialAveraging.train(2, 1, 1, DECAY));
    }
  }

  @Test
  void aMovingAverageThatWarmsUpCountsTheStepsOfTheRun() {
    EmaDecay warmUp = new EmaDecay(DECAY, EmaDecay.Start.WARM_UP);
    float[] expected = SequentialAveraging.train(2, 4, 0, DECAY).get(StateVector.EMA);
    try (AveragingRounds<PlainNetwork> rounds = builder(2, 4).emaDecay(warmUp).start()) {
      for (int round = 0; round < 3; round++) {
        rounds.advance();
        float[] parameters =
            SequentialAveraging.train(2, 4, round + 1, DECAY).get(StateVector.PARAMETERS);
        double decay = 1;
        for (int step = 4 * round; step < 4 * round + 4; step++) {
          decay *= (1.0 + step) / (10.0 + step);
        }
        for (int i = 0; i < expected.length; i++) {
          expected[i] = (float) (decay * expected[i] + (1 - decay) * parameters[i]);
        }
      }
      assertThat(GatheredState.of(rounds.state()).get(StateVector.EMA)).isEqualTo(expected);
    }
  }

  @Test
  void vectorsThatAreNotListedAreNeitherGatheredNorAveraged() {
    try (AveragingRounds<PlainNetwork> rounds =
        builder(2, 1).vectors(Set.of(StateVector.PARAMETERS)).start()) {
      rounds.advance();
      assertThat(GatheredState.of(rounds.state()))
          .containsOnlyKeys(StateVector.PARAMETERS, StateVector.EMA);
    }
  }

  @Test
  void whatWorkersKeepForThemselvesIsNotAveraged() {
    Set<StateVector> moments = Set.of(StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);
    try (AveragingRounds<PlainNetwork> rounds =
        builder(3, 4).vectors(Set.of(StateVector.PARAMETERS)).ownVectors(moments).start()) {
      for (int i = 0; i < ROUNDS; i++) {
        rounds.advance();
      }
      Map<StateVector, float[]> shared =
          SequentialAveraging.trainWithOwnMoments(3, 4, ROUNDS, DECAY);
      GatheredState.assertSameBits(GatheredState.of(rounds.state()), shared);
      assertThat(rounds.state().owners()).isEqualTo(3);
    }
  }

  @Test
  void aVectorIsAveragedOrKeptAndNotBoth() {
    assertThatThrownBy(() -> builder(2, 1).ownVectors(Set.of(StateVector.FIRST_MOMENT)).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not both");
  }

  @Test
  void gatheringTheMovingAverageIsRefused() {
    assertThatThrownBy(() -> builder(2, 1).vectors(Set.of(StateVector.PARAMETERS, StateVector.EMA)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("moving average");
  }

  private static AveragingRounds.Builder<PlainNetwork> builder(int workers, int steps) {
    return AveragingRounds.of(spark, new PlainSteps(steps), PLAN, PlainSteps::fill)
        .workers(workers)
        .emaDecay(DECAY);
  }

  private static final class DamagedShard extends PlainSteps {
    private static final long serialVersionUID = 1L;

    DamagedShard() {
      super(1);
    }

    @Override
    public LocalResult run(PlainNetwork replica, int worker, long round) {
      if (round == 1 && worker == 1) {
        throw new IllegalStateException("shard part-00003 is damaged");
      }
      return super.run(replica, worker, round);
    }
  }
}
