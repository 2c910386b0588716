package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.StandaloneCluster;

/** On a master with two worker processes, of one core each. */
class AveragingOnClusterTest {
  private static final SlicePlan PLAN = SlicePlan.withTarget(PlainNetwork.TENSORS, 200);
  private static final int ROUNDS = 5;

  private static StandaloneCluster cluster;
  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void startCluster() {
    cluster = StandaloneCluster.start(2, 1);
    spark = new JavaSparkContext(cluster.conf());
  }

  @AfterAll
  static void stopCluster() {
    spark.close();
    cluster.close();
  }

  /** One may have died in the test before; the master starts another. */
  @BeforeEach
  void waitForBothExecutors() throws InterruptedException {
    for (int tries = 0; spark.sc().statusTracker().getExecutorInfos().length < 3; tries++) {
      assertThat(tries).as("half seconds waited for two executors").isLessThan(240);
      Thread.sleep(500);
    }
  }

  @Test
  void twoExecutorProcessesGiveTheBitsOfTheSequentialReference() {
    Set<String> executors = new HashSet<>();
    try (AveragingRounds<PlainNetwork> rounds = start(new PlainSteps(1), 3)) {
      for (int i = 0; i < ROUNDS; i++) {
        rounds.advance().workers().forEach(worker -> executors.add(worker.executor()));
      }
      assertThat(executors).hasSize(2);
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()), SequentialAveraging.train(3, 1, ROUNDS, 0.99));
    }
  }

  @Test
  void anExecutorKilledInMidRoundLeavesTheSameBits() {
    Path killed = folder.resolve("killed");
    try (AveragingRounds<PlainNetwork> rounds = start(new DiesOnce(killed), 2)) {
      for (int i = 0; i < ROUNDS; i++) {
        rounds.advance();
      }
      assertThat(killed).exists();
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()), SequentialAveraging.train(2, 1, ROUNDS, 0.99));
    }
  }

  @Test
  void whatTheKilledExecutorsWorkersKeptIsComputedAgain() {
    Path killed = folder.resolve("killed");
    try (AveragingRounds<PlainNetwork> rounds =
        AveragingRounds.of(spark, new DiesOnce(killed), PLAN, PlainSteps::fill)
            .workers(2)
            .emaDecay(0.99)
            .vectors(Set.of(StateVector.PARAMETERS))
            .ownVectors(Set.of(StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT))
            .start()) {
      for (int i = 0; i < ROUNDS; i++) {
        rounds.advance();
      }
      assertThat(killed).exists();
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()),
          SequentialAveraging.trainWithOwnMoments(2, 1, ROUNDS, 0.99));
    }
  }

  private static AveragingRounds<PlainNetwork> start(PlainSteps steps, int workers) {
    return AveragingRounds.of(spark, steps, PLAN, PlainSteps::fill)
        .workers(workers)
        .emaDecay(0.99)
        .start();
  }

  /** Ends its JVM in the middle of a round, the first time that it gets there. */
  private static final class DiesOnce extends PlainSteps {
    private static final long serialVersionUID = 1L;

    private final String mark;

    DiesOnce(Path mark) {
      super(1);
      this.mark = mark.toString();
    }

    @Override
    public LocalResult run(PlainNetwork replica, int worker, long round) {
      if (round == 3 && worker == 1 && !Files.exists(Path.of(mark))) {
        try {
          Files.createFile(Path.of(mark));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
        Runtime.getRuntime().halt(137);
      }
      return super.run(replica, worker, round);
    }
  }
}
