package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ManifestFile;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.shard.StoredFile;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;

/** Training on shards in which one of the eight videos is all NaN. */
class NonFiniteTest {
  private static final int SPOILT = 2;
  private static final Configuration HADOOP = new Configuration();

  /** One sample a step: of the 16 steps of these two epochs, two are bad. */
  private static final Map<String, String> ONE_BY_ONE =
      Map.of("train.batch-size", "1", "train.rounds", "4");

  private static JavaSparkContext spark;
  @TempDir static Path shared;
  private static Path shards;

  @TempDir Path run;

  @BeforeAll
  static void spoilAVideo() throws IOException {
    shards = shared.resolve("shards");
    spoil(LatentShards.open(TinyTraining.hadoop(TinyTraining.shards()), HADOOP));
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @Test
  void theRunStopsAndNamesRoundWorkerStepAndClip() throws IOException {
    TrainSettings train = TrainSettings.from(TinyTraining.settings(ONE_BY_ONE));
    TrainingDivergedException stopped =
        catchThrowableOfType(() -> job(ONE_BY_ONE).execute(), TrainingDivergedException.class);
    TrainingPlan plan = train.plan(8);
    List<String> expected = new ArrayList<>();
    for (int step = 0; step < 2; step++) {
      for (int worker = 0; worker < 2; worker++) {
        TrainingPlan.Visit visit = plan.visit(worker, 0, step, 0);
        if (visit.video() == SPOILT) {
          expected.add("round 0, worker %d, step %d:".formatted(worker, step));
          expected.add("on the samples %d (%s from frame".formatted(visit.sample(), spoilt()));
        }
      }
    }
    assertThat(expected).hasSize(2);
    assertThat(stopped)
        .hasMessageContainingAll(expected.toArray(String[]::new))
        .hasMessageContaining("the loss is NaN")
        .hasMessageContaining("there is no checkpoint")
        .hasMessageContaining("train.non-finite = skip");
    assertThat(run.resolve("checkpoint-2")).doesNotExist();
  }

  @Test
  void aSkippedStepChangesNothingAndIsCounted() throws IOException {
    Map<String, String> skip = with(ONE_BY_ONE, "train.non-finite", "skip");
    List<RoundMetrics> rounds = new ArrayList<>();
    TrainResult result =
        job(skip)
            .listener(
                new RunListener<RunDescription>() {
                  @Override
                  public void roundDone(RoundMetrics metrics, TrainingState averaged) {
                    rounds.add(metrics);
                  }
                })
            .execute();
    assertThat(result.skippedSteps()).isEqualTo(2);
    assertThat(rounds.stream().mapToLong(RoundMetrics::skippedSteps)).containsOnly(0L, 1L);
    assertThat(rounds).allSatisfy(round -> assertThat(round.loss()).isFinite());
    Checkpoint last = Checkpoint.newest(TinyTraining.hadoop(run), HADOOP);
    assertThat(last.state().skippedSteps()).isEqualTo(2);
  }

  @Test
  void skippingIsResumedToTheSameBits(@TempDir Path resumed) throws IOException {
    Map<String, String> skip = with(ONE_BY_ONE, "train.non-finite", "skip");
    job(skip).execute();
    for (String name : List.of("checkpoint-2", "checkpoint-4")) {
      TinyTraining.copy(run.resolve(name), resumed.resolve(name));
    }
    TrainResult result = job(skip, resumed).execute();
    assertThat(result.rounds()).isEqualTo(2);
    assertThat(result.skippedSteps()).isEqualTo(2);
    ResumeTest.assertSameWeights(resumed, run, 8);
  }

  @Test
  void aRoundWithoutAFiniteStepStopsEvenSo() {
    // Every batch holds all eight videos.
    Map<String, String> all =
        Map.of("train.batch-size", "8", "train.non-finite", "skip", "train.workers", "1");
    TrainingDivergedException stopped =
        catchThrowableOfType(() -> job(all).execute(), TrainingDivergedException.class);
    assertThat(stopped).hasMessageContaining("not a single step of the round was finite");
  }

  private TrainJob job(Map<String, String> settings) {
    return job(settings, run);
  }

  private static TrainJob job(Map<String, String> settings, Path folder) {
    return new TrainJob(
        spark,
        TinyTraining.settings(settings),
        TinyTraining.hadoop(shards),
        TinyTraining.hadoop(folder));
  }

  private static Map<String, String> with(Map<String, String> settings, String key, String value) {
    Map<String, String> more = new java.util.HashMap<>(settings);
    more.put(key, value);
    return more;
  }

  private static String spoilt() throws IOException {
    return LatentShards.open(TinyTraining.hadoop(shards), HADOOP).manifest().files().stream()
        .flatMap(file -> file.videos().stream())
        .toList()
        .get(SPOILT)
        .source();
  }

  /** Writes the shards again, the moments of one video replaced. */
  private static void spoil(LatentShards whole) throws IOException {
    Manifest manifest = whole.manifest();
    List<ShardFile> files = new ArrayList<>();
    int video = 0;
    try (ShardReader reader = whole.reader(1 << 20)) {
      for (int file = 0; file < manifest.files().size(); file++) {
        ShardFile before = manifest.files().get(file);
        try (ShardWriter writer =
            ShardWriter.create(TinyTraining.hadoop(shards), before.name(), 0, HADOOP)) {
          int row = 0;
          for (EncodedVideo encoded : before.videos()) {
            for (int i = 0; i < encoded.rows().size(); i++) {
              LatentSegment segment = reader.segment(file, row++);
              writer.write(video == SPOILT ? allNaN(segment) : segment);
            }
            video++;
          }
          StoredFile stored = writer.commit();
          files.add(new ShardFile(stored.name(), stored.bytes(), stored.sha256(), before.videos()));
        }
      }
    }
    ManifestFile.write(
        new Manifest(
            manifest.encoding(),
            manifest.segmentation(),
            manifest.settings(),
            manifest.classes(),
            manifest.channelRanges(),
            files,
            manifest.rejected()),
        TinyTraining.hadoop(shards),
        HADOOP);
  }

  private static LatentSegment allNaN(LatentSegment segment) {
    byte[] moments = segment.moments().clone();
    java.util.Arrays.fill(moments, (byte) 0x7f); // 0x7f7f is NaN in half precision
    return new LatentSegment(
        segment.origin(),
        segment.start(),
        segment.flipped(),
        segment.shape(),
        segment.scale(),
        moments);
  }
}
