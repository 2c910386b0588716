package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.RunPosition;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointException;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.SettingChange;
import org.latte4j.spark.checkpoint.TrainedModel;

/** Going on from a checkpoint: with the same settings, with others, and with damaged files. */
class ResumeTest {
  private static final String LAST = "checkpoint-6";

  private static JavaSparkContext spark;
  @TempDir static Path shared;
  private static Path whole;

  @TempDir Path folder;

  @BeforeAll
  static void trainThreeRounds() throws IOException {
    TinyTraining.shards();
    spark = LocalSpark.start("local[2]");
    whole = shared.resolve("whole");
    TinyTraining.train(spark, Map.of(), whole);
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @Test
  void aConstantScheduleMayBeProlonged() throws IOException {
    Path run = runUntil(6);
    TinyTraining.train(spark, Map.of("train.rounds", "4"), run);
    Path anew = folder.resolve("anew");
    TinyTraining.train(spark, Map.of("train.rounds", "4"), anew);
    assertSameWeights(run, anew, 8);
    assertThat(state(run).changes()).isEmpty();
  }

  @Test
  void aCosineMayNotBeProlonged() throws IOException {
    Map<String, String> cosine = Map.of("train.schedule", "cosine", "train.rounds", "1");
    TinyTraining.train(spark, cosine, folder);
    assertThatThrownBy(
            () ->
                TinyTraining.train(
                    spark, Map.of("train.schedule", "cosine", "train.rounds", "2"), folder))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("train.rounds = 2, but it was trained with 1");
  }

  @Test
  void settingsWithoutInfluenceMayChangeAndTheBitsStay() throws IOException {
    Path run = runUntil(2);
    TinyTraining.train(
        spark,
        Map.of(
            "train.threads-per-worker", "2",
            "train.cache", "1MiB",
            "train.non-finite", "skip",
            "train.checkpoint.every-rounds", "0",
            "train.checkpoint.every-minutes", "0.0001",
            "train.checkpoint.every-epochs", "1"),
        run);
    assertSameWeights(run, whole, 6);
  }

  @Test
  void aNumberMayBeWrittenDifferently() throws IOException {
    Path run = runUntil(4);
    TinyTraining.train(spark, Map.of("train.learning-rate", "1e-3"), run);
    assertSameWeights(run, whole, 6);
  }

  @Test
  void everySettingThatDiffersIsNamed() throws IOException {
    Path run = runUntil(4);
    assertThatThrownBy(
            () ->
                TinyTraining.train(
                    spark, Map.of("train.learning-rate", "0.5", "model.class-dropout", "0.2"), run))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("train.learning-rate = 0.5, but it was trained with 0.001")
        .hasMessageContaining("model.class-dropout = 0.2, but it was trained with 0.1")
        .hasMessageContaining("--allow-change");
  }

  @Test
  void whatTheNetworkPredictsCannotChangeEvenIfChangesAreAllowed() throws IOException {
    Path run = runUntil(4);
    TrainJob job = TinyTraining.job(spark, Map.of("model.prediction", "velocity"), run);
    assertThatThrownBy(() -> job.changes(ChangePolicy.NOTE).execute())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("model.prediction")
        .hasMessageContaining("cannot change in the middle of a run");
  }

  @Test
  void weightsThatPredictSomethingElseAreNotStartedFrom() {
    Map<String, String> other =
        Map.of("model.prediction", "velocity", "train.start-from", whole.toString());
    assertThatThrownBy(() -> TinyTraining.train(spark, other, folder.resolve("started")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("model.prediction")
        .hasMessageContaining("noise, which the weights of train.start-from predict");
  }

  @Test
  void aVelocityRunWithWeightsAndAnAverageThatWarmsUpIsResumedToTheSameBits() throws IOException {
    Map<String, String> options =
        Map.of(
            "model.prediction", "velocity",
            "train.min-snr-gamma", "5",
            "train.ema-start", "warm-up");
    Path straight = folder.resolve("straight");
    TinyTraining.train(spark, options, straight);
    assertThat(TinyTraining.weights(straight, 6).get("ema-00001-of-00001.safetensors"))
        .isNotEqualTo(TinyTraining.weights(whole, 6).get("ema-00001-of-00001.safetensors"));
    Path resumed = folder.resolve("resumed");
    TinyTraining.copy(straight.resolve("checkpoint-4"), resumed.resolve("checkpoint-4"));
    TinyTraining.train(spark, options, resumed);
    assertSameWeights(resumed, straight, 6);
    assertThat(
            TrainedModel.find(TinyTraining.hadoop(resumed), spark.hadoopConfiguration())
                .card()
                .prediction())
        .isEqualTo(Prediction.VELOCITY);
  }

  @Test
  void anAllowedChangeIsNotedAndCountsGoOn() throws IOException {
    Path run = runUntil(4);
    Map<String, String> other =
        Map.of("train.learning-rate", "0.002", "train.local-steps", "3", "train.batch-size", "1");
    TinyTraining.job(spark, other, run).changes(ChangePolicy.NOTE).execute();
    CheckpointState state = state(run);
    assertThat(state.since()).isEqualTo(new RunPosition(2, 4, 16));
    assertThat(state.position()).isEqualTo(new RunPosition(3, 7, 22));
    assertThat(state.epoch()).isEqualTo(22 / 8.0);
    assertThat(state.changes())
        .containsExactly(
            new SettingChange(2, "train.batch-size", "2", "1"),
            new SettingChange(2, "train.learning-rate", "0.001", "0.002"),
            new SettingChange(2, "train.local-steps", "2", "3"));
  }

  @Test
  void aChangedRunIsItselfResumedToTheSameBits() throws IOException {
    Map<String, String> other = Map.of("train.local-steps", "3", "train.rounds", "4");
    Path run = runUntil(2);
    TinyTraining.job(spark, other, run).changes(ChangePolicy.NOTE).execute();
    Path resumed = folder.resolve("resumed");
    for (String checkpoint : List.of("checkpoint-2", "checkpoint-5")) {
      TinyTraining.copy(run.resolve(checkpoint), resumed.resolve(checkpoint));
    }
    TinyTraining.train(spark, other, resumed);
    assertSameWeights(resumed, run, 11);
    assertThat(state(resumed).changes()).hasSize(1);
  }

  @Test
  void aFlippedByteIsFoundBeforeTrainingGoesOn() throws IOException {
    Path run = runUntil(4);
    Path file = run.resolve("checkpoint-4/optimizer-00001-of-00001.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 5] ^= 4;
    Files.write(file, bytes);
    assertThatThrownBy(() -> TinyTraining.train(spark, Map.of(), run))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("checkpoint-4 is damaged: optimizer-00001-of-00001.safetensors");
    // What an object store lacks: Hadoop's own checksums beside local files.
    Files.delete(run.resolve("checkpoint-4/.optimizer-00001-of-00001.safetensors.crc"));
    assertThatThrownBy(() -> TinyTraining.train(spark, Map.of(), run))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("CRC-32C of optimizer-00001-of-00001.safetensors");
  }

  @Test
  void anUnfinishedCheckpointIsRemovedAndTheOneBeforeGoneOnFrom() throws IOException {
    Path run = runUntil(4);
    Files.delete(run.resolve("checkpoint-4/_SUCCESS"));
    List<String> warnings = new ArrayList<>();
    TrainResult result =
        TinyTraining.job(spark, Map.of(), run)
            .listener(
                new RunListener<RunDescription>() {
                  @Override
                  public void warned(String message) {
                    warnings.add(message);
                  }
                })
            .execute();
    assertThat(result.rounds()).isEqualTo(2);
    assertThat(warnings).singleElement().asString().contains("checkpoint-4", "unfinished");
    assertSameWeights(run, whole, 6);
  }

  @Test
  void onlyTheNewestAndEverySoManyThCheckpointAreKept() throws IOException {
    Map<String, String> keep =
        Map.of(
            "train.rounds", "5",
            "train.checkpoint.keep-last", "1",
            "train.checkpoint.keep-every", "2");
    TinyTraining.train(spark, keep, folder);
    assertThat(TinyTraining.checkpoints(folder))
        .containsExactly("checkpoint-10", "checkpoint-4", "checkpoint-8");
  }

  @Test
  void whatIsNoCheckpointOfOursIsNeverRemoved() throws IOException {
    Path strangers = Files.createDirectories(folder.resolve("checkpoint-1"));
    Files.writeString(strangers.resolve("training_args.bin"), "of another program");
    Path kept = Files.createDirectories(folder.resolve("checkpoint-best"));
    TinyTraining.train(spark, Map.of("train.checkpoint.keep-last", "1"), folder);
    assertThat(strangers.resolve("training_args.bin")).exists();
    assertThat(kept).exists();
    assertThat(TinyTraining.checkpoints(folder))
        .containsExactly("checkpoint-1", LAST, "checkpoint-best");
  }

  @Test
  void aStrangersFolderInACheckpointsPlaceIsAnError() throws IOException {
    Path strangers = Files.createDirectories(folder.resolve("checkpoint-2"));
    Files.writeString(strangers.resolve("training_args.bin"), "of another program");
    assertThatThrownBy(() -> TinyTraining.train(spark, Map.of(), folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("checkpoint-2 holds files that no checkpoint of Latte4J has");
    assertThat(strangers.resolve("training_args.bin")).exists();
  }

  /** The whole run as it was when this checkpoint was its newest. */
  private Path runUntil(long step) throws IOException {
    Path run = folder.resolve("until-" + step);
    for (long written = 2; written <= step; written += 2) {
      String name = "checkpoint-" + written;
      TinyTraining.copy(whole.resolve(name), run.resolve(name));
    }
    return run;
  }

  private static CheckpointState state(Path run) throws IOException {
    return Checkpoint.newest(TinyTraining.hadoop(run), spark.hadoopConfiguration()).state();
  }

  static void assertSameWeights(Path actual, Path expected, long step) throws IOException {
    Map<String, byte[]> files = TinyTraining.weights(actual, step);
    Map<String, byte[]> wanted = TinyTraining.weights(expected, step);
    assertThat(files.keySet()).isEqualTo(wanted.keySet()).isNotEmpty();
    wanted.forEach((name, bytes) -> assertThat(files.get(name)).as(name).isEqualTo(bytes));
  }
}
