package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.training.LearningRateSchedule;
import org.latte4j.spark.LocalSpark;

/** Accumulated batches, Adam's moments at an average, and the learning rate's ends. */
class BatchesTest {
  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    TinyTraining.shards();
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @Test
  void accumulatedBatchesAreOneLargerBatchInMicroBatches() throws IOException {
    Path accumulated = folder.resolve("accumulated");
    Path whole = folder.resolve("whole");
    TrainResult result =
        TinyTraining.train(
            spark,
            Map.of("train.batch-size", "2", "train.accumulation", "3", "train.rounds", "2"),
            accumulated);
    TinyTraining.train(
        spark,
        Map.of("train.batch-size", "6", "train.micro-batch", "2", "train.rounds", "2"),
        whole);
    assertThat(result.globalBatch()).isEqualTo(12);
    assertThat(result.samples()).isEqualTo(2 * 2 * 12);
    ResumeTest.assertSameWeights(accumulated, whole, 4);
  }

  @Test
  void momentsThatAreResetAreNotWrittenAndRunsGoOnToTheSameBits() throws IOException {
    Map<String, String> reset = Map.of("train.updater-state", "reset", "train.rounds", "3");
    Path run = folder.resolve("run");
    TinyTraining.train(spark, reset, run);
    assertThat(run.resolve("checkpoint-6/optimizer.safetensors.index.json")).doesNotExist();
    Path resumed = folder.resolve("resumed");
    TinyTraining.copy(run.resolve("checkpoint-2"), resumed.resolve("checkpoint-2"));
    TinyTraining.train(spark, reset, resumed);
    ResumeTest.assertSameWeights(resumed, run, 6);
  }

  @Test
  void everyWorkerKeepsItsMomentsAndRunsGoOnToTheSameBits() throws IOException {
    Map<String, String> own = Map.of("train.updater-state", "per-worker", "train.rounds", "4");
    Path run = folder.resolve("run");
    TinyTraining.train(spark, own, run);
    Map<String, byte[]> files = TinyTraining.weights(run, 8);
    assertThat(files)
        .containsKeys(
            "optimizer-worker-00000-00001-of-00001.safetensors",
            "optimizer-worker-00001-00001-of-00001.safetensors")
        .doesNotContainKey("optimizer-00001-of-00001.safetensors");
    assertThat(files.get("optimizer-worker-00000-00001-of-00001.safetensors"))
        .isNotEqualTo(files.get("optimizer-worker-00001-00001-of-00001.safetensors"));
    for (long step = 2; step < 8; step += 2) {
      Path resumed = folder.resolve("resumed-" + step);
      TinyTraining.copy(run.resolve("checkpoint-" + step), resumed.resolve("checkpoint-" + step));
      TinyTraining.train(spark, own, resumed);
      ResumeTest.assertSameWeights(resumed, run, 8);
    }
  }

  @Test
  void aLoneWorkersOwnMomentsAreTheAveragedOnes() throws IOException {
    Path own = folder.resolve("own");
    Path averaged = folder.resolve("averaged");
    Map<String, String> alone = Map.of("train.workers", "1");
    TinyTraining.train(spark, alone, averaged);
    TinyTraining.train(
        spark, Map.of("train.workers", "1", "train.updater-state", "per-worker"), own);
    Map<String, byte[]> files = TinyTraining.weights(own, 6);
    Map<String, byte[]> expected = TinyTraining.weights(averaged, 6);
    assertThat(files.get("model-00001-of-00001.safetensors"))
        .isEqualTo(expected.get("model-00001-of-00001.safetensors"));
    assertThat(files.get("optimizer-worker-00000-00001-of-00001.safetensors"))
        .isEqualTo(expected.get("optimizer-00001-of-00001.safetensors"));
  }

  @Test
  void theLastStepOfACosineIsOneStepAboveZeroAndTheFirstOfAWarmUpIsNotZero() {
    TrainSettings train =
        TrainSettings.from(
            TinyTraining.settings(
                Map.of(
                    "train.schedule", "cosine",
                    "train.rounds", "50",
                    "train.warm-up-steps", "10")));
    LearningRateSchedule rate = train.learningRateSchedule(train.plan(4));
    assertThat(rate.valueAt(0, 0)).isEqualTo(0.001 / 10);
    assertThat(rate.valueAt(9, 0)).isEqualTo(0.001);
    assertThat(rate.valueAt(10, 0)).isEqualTo(0.001);
    assertThat(rate.valueAt(99, 0)).isPositive().isLessThan(0.001 * 0.001);
    assertThat(rate.valueAt(100, 0)).isZero();
    assertThat(List.of(rate.valueAt(54, 0), rate.valueAt(55, 0)))
        .isSortedAccordingTo(java.util.Comparator.reverseOrder());
  }
}
