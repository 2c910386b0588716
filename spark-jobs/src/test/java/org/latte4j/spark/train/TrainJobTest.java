package org.latte4j.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointPart;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeProgress;
import org.latte4j.spark.encode.EncodeSettings;

/** Training a tiny Latte on latents of the real excerpts. */
class TrainJobTest {
  private static final Path EXCERPTS = Path.of("../conf/demo/excerpts").toAbsolutePath();
  private static final int ROUNDS = 3;

  @TempDir static Path data;

  @TempDir Path folder;

  @BeforeAll
  static void encode() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      new EncodeJob(
              spark,
              EXCERPTS.toString(),
              shards().toString(),
              EncodeSettings.from(settings(Map.of())),
              EncodeProgress.NONE)
          .execute();
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 0", "2, 4, 3", "3, 1, 2", "3, 4, 0"})
  void roundsEqualASequentialReferenceBitForBit(int workers, int steps, int images)
      throws IOException {
    Settings settings =
        settings(
            Map.of(
                "train.workers",
                "" + workers,
                "train.local-steps",
                "" + steps,
                "train.images",
                "" + images));
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      TrainResult result = train(spark, settings, folder);
      Map<StateVector, float[]> expected = sequential(spark, settings);
      try (WeightSource model = part(spark, result, CheckpointPart.MODEL);
          WeightSource ema = part(spark, result, CheckpointPart.EMA);
          WeightSource adam = part(spark, result, CheckpointPart.OPTIMIZER)) {
        for (ParameterLayout.Parameter parameter : layout(settings).parameters()) {
          String name = parameter.name();
          assertSlice(parameter, model.floats(name), expected.get(StateVector.PARAMETERS));
          assertSlice(parameter, ema.floats(name), expected.get(StateVector.EMA));
          assertSlice(
              parameter, adam.floats("exp_avg." + name), expected.get(StateVector.FIRST_MOMENT));
          assertSlice(
              parameter,
              adam.floats("exp_avg_sq." + name),
              expected.get(StateVector.SECOND_MOMENT));
        }
      }
    }
  }

  @Test
  void oneThreadTwoThreadsAndTwoProcessesWriteTheSameWeights() throws IOException {
    Settings settings = settings(Map.of());
    Map<String, byte[]> one;
    Map<String, byte[]> two;
    Map<String, byte[]> cluster;
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      one = weights(train(spark, settings, folder.resolve("one")));
    }
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      two = weights(train(spark, settings, folder.resolve("two")));
    }
    try (StandaloneCluster processes = StandaloneCluster.start(2, 1);
        JavaSparkContext spark = new JavaSparkContext(processes.conf())) {
      cluster = weights(train(spark, settings, folder.resolve("cluster")));
    }
    assertThat(one).isNotEmpty();
    assertSameFiles(two, one);
    assertSameFiles(cluster, one);
  }

  @Test
  void anInterruptedRunGoesOnToTheSameWeights() throws IOException {
    Settings settings = settings(Map.of("train.checkpoint.every-rounds", "1"));
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      Map<String, byte[]> whole = weights(train(spark, settings, folder.resolve("whole")));
      Path run = folder.resolve("interrupted");
      TrainJob interrupted = job(spark, settings, run).listener(new StopsAtTheFirstCheckpoint());
      assertThatThrownBy(interrupted::execute).hasMessage("stopped");
      TrainResult result = train(spark, settings, run);
      assertThat(result.rounds()).isEqualTo(ROUNDS - 1);
      assertThat(result.losses()).hasSize(ROUNDS);
      assertSameFiles(weights(result), whole);
    }
  }

  @Test
  void aFinishedRunIsLeftAsItIs() throws IOException {
    Settings settings = settings(Map.of());
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      TrainResult first = train(spark, settings, folder);
      TrainResult second = train(spark, settings, folder);
      assertThat(second.rounds()).isZero();
      assertThat(second.checkpoint()).isEqualTo(first.checkpoint());
    }
  }

  @Test
  void goingOnWithAnotherSettingIsRefusedByName() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      train(spark, settings(Map.of()), folder);
      Settings other = settings(Map.of("train.learning-rate", "0.5"));
      assertThatThrownBy(() -> train(spark, other, folder))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("train.learning-rate = 0.5")
          .hasMessageContaining("0.001");
    }
  }

  @Test
  void trainingStartsFromGivenWeights() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      TrainResult first = train(spark, settings(Map.of()), folder.resolve("first"));
      Settings further =
          settings(Map.of("train.start-from", first.checkpoint(), "train.learning-rate", "0"));
      TrainResult second = train(spark, further, folder.resolve("second"));
      try (WeightSource before = part(spark, first, CheckpointPart.EMA);
          WeightSource after = part(spark, second, CheckpointPart.MODEL)) {
        String name = "blocks.0.attn.qkv.weight";
        assertThat(after.floats(name)).isEqualTo(before.floats(name));
      }
    }
  }

  private static final class StopsAtTheFirstCheckpoint implements RunListener<RunDescription> {
    @Override
    public void checkpointWritten(Checkpoint checkpoint) {
      throw new IllegalStateException("stopped");
    }
  }

  /** What the rounds must compute, in plain loops over the same local steps. */
  private static Map<StateVector, float[]> sequential(JavaSparkContext spark, Settings settings)
      throws IOException {
    TrainSettings train = TrainSettings.from(settings);
    LatentShards shards = LatentShards.open(hadoop(shards()), spark.hadoopConfiguration());
    ModelCard model = ManifestModel.card(settings, shards.manifest());
    LatteRunDescription run =
        new LatteRunDescription(
            hadoop(data),
            train,
            model,
            0,
            shards,
            ClipCatalog.of(
                shards.manifest(),
                new ClipWindow(model.network().latent().frames(), train.frameInterval())),
            SettingsHistory.UNCHANGED,
            0,
            Optional.empty());
    LatteLocalSteps steps =
        new LatteLocalSteps(
            run,
            ImageSource.of(train.images(), spark.hadoopConfiguration()),
            new SerializableConfiguration(spark.hadoopConfiguration()));
    int length = Math.toIntExact(layout(settings).length());
    Map<StateVector, float[]> state = new EnumMap<>(StateVector.class);
    for (StateVector vector : StateVector.values()) {
      state.put(vector, new float[length]);
    }
    for (ParameterLayout.Parameter parameter : layout(settings).parameters()) {
      float[] values = parameter.initialValues(train.seed());
      int from = Math.toIntExact(parameter.offset());
      System.arraycopy(values, 0, state.get(StateVector.PARAMETERS), from, values.length);
      System.arraycopy(values, 0, state.get(StateVector.EMA), from, values.length);
    }
    for (int round = 0; round < train.rounds(); round++) {
      averageRound(steps, train, round, state);
    }
    return state;
  }

  private static void averageRound(
      LatteLocalSteps steps, TrainSettings train, int round, Map<StateVector, float[]> state)
      throws IOException {
    List<Map<StateVector, float[]>> results = new ArrayList<>();
    for (int worker = 0; worker < train.workers(); worker++) {
      try (TrainerReplica<LatteTrainer> replica = steps.newReplica()) {
        Map<StateVector, float[]> result = new EnumMap<>(StateVector.class);
        for (StateVector vector : gathered()) {
          replica.load(vector, 0, FloatBuffer.wrap(state.get(vector)));
        }
        steps.run(replica, worker, round);
        for (StateVector vector : gathered()) {
          float[] values = new float[state.get(vector).length];
          replica.store(vector, 0, FloatBuffer.wrap(values));
          result.put(vector, values);
        }
        results.add(result);
      }
    }
    for (StateVector vector : gathered()) {
      float[] average = state.get(vector);
      for (int i = 0; i < average.length; i++) {
        double sum = 0;
        for (Map<StateVector, float[]> result : results) {
          sum += result.get(vector)[i];
        }
        average[i] = (float) (sum / train.workers());
      }
    }
    double decay = StrictMath.pow(train.emaDecay().decay(), train.localSteps());
    float[] ema = state.get(StateVector.EMA);
    float[] parameters = state.get(StateVector.PARAMETERS);
    for (int i = 0; i < ema.length; i++) {
      ema[i] = (float) (decay * ema[i] + (1 - decay) * parameters[i]);
    }
  }

  private static List<StateVector> gathered() {
    return List.of(StateVector.PARAMETERS, StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);
  }

  private static void assertSlice(
      ParameterLayout.Parameter parameter, float[] actual, float[] flat) {
    int from = Math.toIntExact(parameter.offset());
    assertThat(actual)
        .as(parameter.name())
        .isEqualTo(
            java.util.Arrays.copyOfRange(flat, from, from + Math.toIntExact(parameter.length())));
  }

  private static ParameterLayout layout(Settings settings) throws IOException {
    LatentShards shards =
        LatentShards.open(hadoop(shards()), new org.apache.hadoop.conf.Configuration());
    return new ParameterLayout(ManifestModel.card(settings, shards.manifest()).network());
  }

  private static WeightSource part(JavaSparkContext spark, TrainResult result, CheckpointPart part)
      throws IOException {
    return Checkpoint.open(
            new org.apache.hadoop.fs.Path(result.checkpoint()), spark.hadoopConfiguration())
        .weights(part);
  }

  private static TrainResult train(JavaSparkContext spark, Settings settings, Path run)
      throws IOException {
    return job(spark, settings, run).execute();
  }

  private static TrainJob job(JavaSparkContext spark, Settings settings, Path run) {
    return new TrainJob(spark, settings, hadoop(shards()), hadoop(run));
  }

  private static Map<String, byte[]> weights(TrainResult result) throws IOException {
    Path checkpoint = Path.of(new org.apache.hadoop.fs.Path(result.checkpoint()).toUri().getPath());
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> listed = Files.list(checkpoint)) {
      for (Path file : listed.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static void assertSameFiles(Map<String, byte[]> actual, Map<String, byte[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(actual.get(name)).as(name).isEqualTo(bytes));
  }

  private static Path shards() {
    return data.resolve("shards");
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static Settings settings(Map<String, String> more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.ofEntries(
                Map.entry("source.layout", "ucf101"),
                Map.entry("encode.image-size", "16"),
                Map.entry("encode.autoencoder", "dct-4-3-1"),
                Map.entry("model.depth", "2"),
                Map.entry("model.hidden-size", "16"),
                Map.entry("model.heads", "2"),
                Map.entry("model.frames", "4"),
                Map.entry("train.rounds", "" + ROUNDS),
                Map.entry("train.local-steps", "2"),
                Map.entry("train.batch-size", "2"),
                Map.entry("train.learning-rate", "0.001"),
                Map.entry("train.ema-decay", "0.9")));
    settings.putAll(more);
    return Settings.load(List.of(), settings);
  }
}
