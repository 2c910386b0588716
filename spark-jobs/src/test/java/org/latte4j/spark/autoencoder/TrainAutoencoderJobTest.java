package org.latte4j.spark.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderKl;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.model.autoencoder.KlParameterLayout;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointPart;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeProgress;
import org.latte4j.spark.encode.EncodeResult;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;
import org.latte4j.spark.train.TrainSettings;

/** Training a tiny autoencoder on frames of the real excerpts. */
class TrainAutoencoderJobTest {
  private static final Path EXCERPTS = Path.of("../conf/demo/excerpts").toAbsolutePath();
  private static final int ROUNDS = 2;

  @TempDir Path folder;

  @Test
  void oneThreadAndTwoProcessesTrainTheSameAutoencoder() throws IOException {
    Settings settings = settings(Map.of());
    Path leftover = Files.createDirectories(folder.resolve("one/frames"));
    Files.writeString(leftover.resolve("part-00007-of-00008.parquet"), "of another run");
    Files.writeString(leftover.resolve(".writing-3-part-00000-of-00003.parquet"), "cut off");
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      train(spark, settings, "one");
    }
    try (StandaloneCluster processes = StandaloneCluster.start(2, 1);
        JavaSparkContext spark = new JavaSparkContext(processes.conf())) {
      train(spark, settings, "cluster");
    }
    assertThat(files("one"))
        .containsKeys(
            "autoencoder/config.json",
            "autoencoder/diffusion_pytorch_model.safetensors",
            "frames/_manifest.json");
    assertThat(files("cluster")).isEqualTo(files("one"));
  }

  @Test
  void roundsEqualASequentialReferenceBitForBit() throws IOException {
    Settings settings = settings(Map.of("train.updater-state", "reset"));
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      AutoencoderResult result = train(spark, settings, "run");
      float[] expected = sequential(spark, settings, folder.resolve("run"));
      Checkpoint checkpoint =
          Checkpoint.open(
              new org.apache.hadoop.fs.Path(result.training().checkpoint()),
              spark.hadoopConfiguration());
      try (WeightSource model = checkpoint.weights(CheckpointPart.MODEL)) {
        for (KlParameterLayout.Parameter parameter : layout(settings).parameters()) {
          float[] values = model.floats(parameter.name());
          for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo(expected[(int) parameter.offset() + i]);
          }
        }
      }
    }
  }

  @Test
  void anInterruptedRunGoesOnToTheSameAutoencoder() throws IOException {
    Settings settings = settings(Map.of("train.checkpoint.every-rounds", "1"));
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      train(spark, settings, "whole");
      TrainAutoencoderJob interrupted =
          job(spark, settings, "interrupted")
              .listener(
                  new RunListener<RunDescription>() {
                    @Override
                    public void checkpointWritten(Checkpoint checkpoint) {
                      throw new IllegalStateException("stopped");
                    }
                  });
      assertThatThrownBy(interrupted::execute).hasMessage("stopped");
      AutoencoderResult result = train(spark, settings, "interrupted");
      assertThat(result.training().rounds()).isEqualTo(ROUNDS - 1);
      assertThat(result.training().losses()).hasSize(ROUNDS);
      assertThat(files("interrupted")).isEqualTo(files("whole"));

      AutoencoderResult again = train(spark, settings, "interrupted");
      assertThat(again.training().rounds()).isZero();
      assertThat(again.heldOut()).isEqualTo(result.heldOut());

      assertThatThrownBy(
              () -> train(spark, settings(Map.of("autoencoder.kl-weight", "0.5")), "interrupted"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("autoencoder.kl-weight = 0.5")
          .hasMessageContaining("trained with 1.0E-6");
      assertThatThrownBy(
              () ->
                  train(
                      spark,
                      settings(Map.of("autoencoder.block-out-channels", "4,8,12")),
                      "interrupted"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("block-out-channels = 4,8,12, but it was trained with 4,8,8");
      assertThatThrownBy(
              () -> train(spark, settings(Map.of("autoencoder.frames.every", "5")), "interrupted"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("made with autoencoder.frames.every = 6, and now it is 5");
    }
  }

  @Test
  void theResultEncodesVideosAndItsQualityIsMeasuredOnOthers() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      AutoencoderResult result = train(spark, settings(Map.of()), "run");
      assertEncodes(spark, result);
      assertThat(result.heldOut()).hasSize(2);
      ReconstructionQuality trained = result.heldOut().get(0);
      ReconstructionQuality cosine = result.heldOut().get(1);
      assertThat(trained.autoencoder()).isEqualTo("trained");
      assertThat(trained.latentValues()).isEqualTo(4 * 4 * 4);
      assertThat(trained.psnr()).isBetween(3.0, 40.0);
      assertThat(cosine.autoencoder()).isIn("dct-4-4-0", "dct-4-2-1");
      assertThat(cosine.psnr()).isBetween(15.0, 40.0);
      FrameManifest frames = frames(folder.resolve("run"));
      long heldOut =
          frames.files().stream()
              .flatMap(file -> file.videos().stream())
              .filter(video -> video.split().equals("test"))
              .mapToInt(video -> video.frames())
              .sum();
      assertThat(heldOut).isPositive();
      assertThat(trained.frames()).isEqualTo(Math.min(16, heldOut));
      assertThat(result.trainingFrames() + heldOut).isEqualTo(frames.frames());
    }
  }

  private void assertEncodes(JavaSparkContext spark, AutoencoderResult result) throws IOException {
    try (AutoencoderKl trained =
        AutoencoderKl.open(Path.of(result.autoencoder()), () -> VectorKernels.withThreads(1))) {
      assertThat(trained.downsampling()).isEqualTo(4);
      assertThat(trained.latentChannels()).isEqualTo(4);
      assertThat(trained.scalingFactor()).isEqualTo(result.scalingFactor());
    }
    EncodeResult encoded =
        new EncodeJob(
                spark,
                EXCERPTS.toString(),
                folder.resolve("shards").toString(),
                EncodeSettings.from(settings(Map.of("encode.autoencoder", result.autoencoder()))),
                EncodeProgress.NONE)
            .execute();
    assertThat(encoded.manifest().encoding().scale()).isEqualTo(result.scalingFactor());
    assertThat(encoded.manifest().encoding().channels()).isEqualTo(4);
  }

  @Test
  void withoutAVideoToTrainOnTheSplitIsNamed() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      assertThatThrownBy(() -> train(spark, settings(Map.of("source.test-share", "1")), "run"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("autoencoder.held-out-split");
    }
  }

  @Test
  void sizesThatTheNetworkCannotHalveAreRefused() {
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      assertThatThrownBy(() -> job(spark, settings(Map.of("encode.image-size", "18")), "run"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("encode.image-size")
          .hasMessageContaining("multiple of 4");
      assertThatThrownBy(() -> job(spark, settings(Map.of("autoencoder.norm-groups", "3")), "run"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("norm-num-groups = 3 does not divide 4");
    }
  }

  @Test
  void transformsOfAsManyChannelsShareThemOutInEveryWay() {
    Settings settings = settings(Map.of("autoencoder.block-out-channels", "4,8,8,8"));
    AutoencoderSettings autoencoder = AutoencoderSettings.from(settings, 16);
    assertThat(Assessment.transforms(autoencoder.network()))
        .containsExactly("dct-8-4-0", "dct-8-2-1");
  }

  @Test
  void framesAreSpreadEvenly() {
    List<int[]> lists = Assessment.spread(100, 10);
    assertThat(lists).hasSize(2);
    assertThat(lists.get(0)).containsExactly(0, 10, 20, 30, 40, 50, 60, 70);
    assertThat(lists.get(1)).containsExactly(80, 90);
    assertThat(Assessment.spread(3, 10)).hasSize(1);
    assertThat(Assessment.spread(0, 10)).isEmpty();
  }

  /** The same rounds without Spark: workers one after the other, then the mean. */
  private static float[] sequential(JavaSparkContext spark, Settings settings, Path run)
      throws IOException {
    TrainSettings train = TrainSettings.from(settings);
    AutoencoderSettings autoencoder = AutoencoderSettings.from(settings, 16);
    FrameManifest frames = frames(run);
    FrameSource source =
        new FrameSource(
            run.resolve("frames").toString(),
            frames.fingerprint(),
            autoencoder,
            new SerializableConfiguration(spark.hadoopConfiguration()));
    TrainingPlan plan = train.plan(source.training(frames).size());
    int length = (int) layout(settings).length();
    float[] averaged = new float[length];
    for (KlParameterLayout.Parameter parameter : layout(settings).parameters()) {
      float[] values = parameter.initialValues(train.seed());
      System.arraycopy(values, 0, averaged, (int) parameter.offset(), values.length);
    }
    for (int round = 0; round < train.rounds(); round++) {
      double[] sum = new double[length];
      for (int worker = 0; worker < train.workers(); worker++) {
        float[] trained = localSteps(train, autoencoder, source, plan, averaged, worker, round);
        for (int i = 0; i < length; i++) {
          sum[i] += trained[i];
        }
      }
      for (int i = 0; i < length; i++) {
        averaged[i] = (float) (sum[i] / train.workers());
      }
    }
    return averaged;
  }

  private static float[] localSteps(
      TrainSettings train,
      AutoencoderSettings autoencoder,
      FrameSource source,
      TrainingPlan plan,
      float[] parameters,
      int worker,
      int round)
      throws IOException {
    FrameManifest frames = source.manifest();
    try (FrameCrops crops =
            new FrameCrops(
                source.training(frames), source.reader(frames, 0), autoencoder, train.seed());
        AutoencoderTrainer trainer =
            AutoencoderTrainer.of(autoencoder.network())
                .learningRate(train.learningRateSchedule(plan))
                .klWeight(autoencoder.klWeight())
                .clipping(train.clipNorm(), train.clipStartStep())
                .build(autoencoder.crop(), train.stepSamples())) {
      trainer.parameterVector().write(0, FloatBuffer.wrap(parameters.clone()));
      trainer.step(round * train.localSteps());
      trainer.resetUpdater();
      int samples = train.stepSamples();
      for (int step = 0; step < train.localSteps(); step++) {
        float[] images = new float[samples * trainer.imageLength()];
        float[] noise = new float[samples * trainer.latentLength()];
        for (int item = 0; item < samples; item++) {
          TrainingPlan.Visit visit = plan.visit(worker, round, step, item);
          crops.read(visit, images, item * trainer.imageLength());
          RandomStream.of(train.seed(), Purpose.POSTERIOR, visit.sample())
              .normals(noise, item * trainer.latentLength(), trainer.latentLength());
        }
        trainer.step(images, noise);
      }
      FloatBuffer trained = FloatBuffer.allocate(parameters.length);
      trainer.parameterVector().read(0, trained);
      return trained.array();
    }
  }

  private AutoencoderResult train(JavaSparkContext spark, Settings settings, String run)
      throws IOException {
    return job(spark, settings, run).execute();
  }

  private TrainAutoencoderJob job(JavaSparkContext spark, Settings settings, String run) {
    return new TrainAutoencoderJob(
        spark,
        settings,
        new org.apache.hadoop.fs.Path(EXCERPTS.toString()),
        new org.apache.hadoop.fs.Path(folder.resolve(run).toString()));
  }

  private static FrameManifest frames(Path run) throws IOException {
    return FrameManifest.read(
            new org.apache.hadoop.fs.Path(run.resolve("frames").toString()), new Configuration())
        .orElseThrow();
  }

  private static KlParameterLayout layout(Settings settings) {
    return new KlParameterLayout(AutoencoderSettings.from(settings, 16).network());
  }

  /** Hashes of weights, frames and the exported autoencoder by name. */
  private Map<String, Integer> files(String run) throws IOException {
    Map<String, Integer> files = new TreeMap<>();
    Path root = folder.resolve(run);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        boolean varies =
            name.endsWith("state.json") || name.endsWith("_SUCCESS") || name.endsWith(".crc");
        if (!varies) {
          files.put(name, java.util.Arrays.hashCode(Files.readAllBytes(file)));
        }
      }
    }
    return files;
  }

  private static Settings settings(Map<String, String> more) {
    Map<String, String> all = new HashMap<>();
    all.put("source.layout", "ucf101");
    all.put("source.test-share", "0.3");
    all.put("encode.image-size", "16");
    all.put("encode.shard-videos", "3");
    all.put("autoencoder.block-out-channels", "4,8,8");
    all.put("autoencoder.layers-per-block", "1");
    all.put("autoencoder.norm-groups", "2");
    all.put("autoencoder.crop", "8");
    all.put("autoencoder.frames.every", "6");
    all.put("autoencoder.export.held-out-frames", "16");
    all.put("autoencoder.export.scale-frames", "16");
    all.put("train.rounds", "" + ROUNDS);
    all.put("train.local-steps", "2");
    all.put("train.workers", "2");
    all.put("train.batch-size", "3");
    all.put("train.learning-rate", "1e-3");
    all.put("train.ema-decay", "0.9");
    all.put("spark.preflight", "off");
    all.putAll(more);
    return Settings.load(List.of(), all);
  }
}
