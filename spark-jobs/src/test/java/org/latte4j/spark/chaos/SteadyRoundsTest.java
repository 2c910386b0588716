package org.latte4j.spark.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;
import org.latte4j.spark.train.TinyTraining;

/**
 * Four hundred rounds cost at the end no more than at the beginning: {@code mvn verify -Pchaos},
 * with nothing else running. That they take less time is Java's compiling, which rounds this small
 * show. Two hundred are not enough: Spark's lists of finished jobs and stages are still filling up.
 */
@Tag("chaos")
class SteadyRoundsTest {
  private static final int QUARTER = 100;
  private static final int ROUNDS = 4 * QUARTER;
  private static final int EXECUTORS = 2;

  @TempDir Path folder;

  @Test
  void fourHundredRoundsNeitherSlowDownNorGrow() throws IOException {
    TinyTraining.shards();
    try (StandaloneCluster cluster = StandaloneCluster.start(EXECUTORS, 1)) {
      TinyRun run =
          TinyRun.of(ROUNDS)
              .on(cluster)
              // The second look and the last come as long after a checkpoint, and after a recovery
              // point.
              .with("train.checkpoint.every-rounds", "" + 2 * QUARTER)
              // All of the heap is in memory from the start: what grows lies outside of it.
              .with(
                  "spark.properties.executor.extraJavaOptions",
                  "--add-modules jdk.incubator.vector -Xms512m -XX:+AlwaysPreTouch");
      try (JavaSparkContext spark = run.startSpark()) {
        Looks looks = new Looks(spark, cluster.localFolder());
        run.train(spark, folder.resolve("run"), looks);
        looks.check();
      }
    }
  }

  /** Looks at the processes and their disk at the end of each quarter. */
  private static final class Looks implements RunListener<RunDescription> {
    private final JavaSparkContext spark;
    private final Path disk;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Look> looks = new ArrayList<>();

    private record Look(
        double roundSeconds, long disk, Footprint driver, Map<String, Footprint> executors) {}

    Looks(JavaSparkContext spark, Path disk) {
      this.spark = spark;
      this.disk = disk;
    }

    @Override
    public void roundDone(RoundMetrics metrics, TrainingState averaged) {
      seconds.add(metrics.seconds());
      // One round before the checkpoint.
      if (seconds.size() % QUARTER == QUARTER - 1) {
        Look look =
            new Look(
                median(seconds.subList(seconds.size() - QUARTER + 1, seconds.size())),
                Footprint.disk(disk),
                Footprint.here(),
                Footprint.ofExecutors(spark, EXECUTORS));
        looks.add(look);
        System.out.printf(
            Locale.ROOT,
            "round %d: median of the quarter %.4f s; local folders %.1f MB; driver: %s%n",
            seconds.size(),
            look.roundSeconds,
            look.disk / 1e6,
            look.driver.line());
        look.executors.forEach(
            (id, now) -> System.out.println("  executor " + id + ": " + now.line()));
      }
    }

    private static double median(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      return sorted.get(sorted.size() / 2);
    }

    /** In the first quarter most code is compiled and pools are filled. */
    void check() {
      Look early = looks.get(1);
      Look last = looks.get(3);
      assertThat(last.roundSeconds / early.roundSeconds)
          .as("time of a round in the last quarter, in times of the second")
          .isLessThan(1.1);
      assertThat(last.disk).as("disk").isLessThan(early.disk * 11 / 10);
      assertThat(last.driver.heap())
          .as("driver's heap")
          .isLessThan(early.driver.heap() + 5_000_000);
      last.executors.forEach(
          (id, now) -> {
            Footprint before = early.executors.get(id);
            assertThat(now.heap()).as("heap of " + id).isLessThan(before.heap() + 5_000_000);
            assertThat(now.offHeap()).as("native arrays of " + id).isEqualTo(before.offHeap());
            assertThat(now.resident())
                .as("resident memory of " + id)
                .isLessThan(before.resident() + 20_000_000);
          });
    }
  }
}
