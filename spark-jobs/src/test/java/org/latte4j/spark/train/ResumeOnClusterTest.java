package org.latte4j.spark.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.StandaloneCluster;

/**
 * A run of ten rounds, gone on with from each of its checkpoints, on one, two and three executor
 * processes.
 */
class ResumeOnClusterTest {
  private static final int ROUNDS = 10;
  private static final Map<String, String> SETTINGS =
      Map.of("train.rounds", "" + ROUNDS, "train.workers", "3", "train.local-steps", "1");

  private static StandaloneCluster cluster;
  @TempDir static Path shared;
  private static Path whole;

  @TempDir Path folder;

  @BeforeAll
  static void trainTenRounds() throws IOException {
    TinyTraining.shards();
    whole = shared.resolve("whole");
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      TinyTraining.train(spark, SETTINGS, whole);
    }
    cluster = StandaloneCluster.start(3, 1);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  /** Each number of executors takes every third checkpoint; together they take all. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyCheckpointLeadsToTheSameBits(int executors) throws IOException {
    SparkConf conf = cluster.conf().set("spark.cores.max", "" + executors);
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      for (int round = executors; round < ROUNDS; round += 3) {
        Path run = folder.resolve("from-" + round);
        String checkpoint = "checkpoint-" + round;
        TinyTraining.copy(whole.resolve(checkpoint), run.resolve(checkpoint));
        // Checkpoints between do not change the bits, and take time.
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("train.checkpoint.every-rounds", "0");
        TinyTraining.train(spark, settings, run);
        ResumeTest.assertSameWeights(run, whole, ROUNDS);
      }
    }
  }
}
