package org.latte4j.spark.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderKl;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeProgress;
import org.latte4j.spark.encode.EncodeResult;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;

/** Training a tiny autoencoder on frames of the real excerpts. */
class TrainAutoencoderJobTest {
  @TempDir Path folder;

  @Test
  void oneThreadAndTwoProcessesTrainTheSameAutoencoder() throws IOException {
    Settings settings = TinyAutoencoder.settings(Map.of());
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
  void anInterruptedRunGoesOnToTheSameAutoencoder() throws IOException {
    Settings settings = TinyAutoencoder.settings(Map.of("train.checkpoint.every-rounds", "1"));
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
      assertThat(result.training().rounds()).isEqualTo(TinyAutoencoder.ROUNDS - 1);
      assertThat(result.training().losses()).hasSize(TinyAutoencoder.ROUNDS);
      assertThat(files("interrupted")).isEqualTo(files("whole"));

      AutoencoderResult again = train(spark, settings, "interrupted");
      assertThat(again.training().rounds()).isZero();
      assertThat(again.heldOut()).isEqualTo(result.heldOut());

      assertThatThrownBy(
              () ->
                  train(
                      spark,
                      TinyAutoencoder.settings(Map.of("autoencoder.kl-weight", "0.5")),
                      "interrupted"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("autoencoder.kl-weight = 0.5")
          .hasMessageContaining("trained with 1.0E-6");
      assertThatThrownBy(
              () ->
                  train(
                      spark,
                      TinyAutoencoder.settings(Map.of("autoencoder.block-out-channels", "4,8,12")),
                      "interrupted"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("block-out-channels = 4,8,12, but it was trained with 4,8,8");
      assertThatThrownBy(
              () ->
                  train(
                      spark,
                      TinyAutoencoder.settings(Map.of("autoencoder.frames.every", "5")),
                      "interrupted"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("made with autoencoder.frames.every = 6, and now it is 5");
    }
  }

  @Test
  void theResultEncodesVideosAndItsQualityIsMeasuredOnOthers() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      AutoencoderResult result = train(spark, TinyAutoencoder.settings(Map.of()), "run");
      assertEncodes(spark, result);
      assertThat(result.heldOut()).hasSize(2);
      ReconstructionQuality trained = result.heldOut().get(0);
      ReconstructionQuality cosine = result.heldOut().get(1);
      assertThat(trained.autoencoder()).isEqualTo("trained");
      assertThat(trained.latentValues()).isEqualTo(4 * 4 * 4);
      assertThat(trained.psnr()).isBetween(3.0, 40.0);
      assertThat(cosine.autoencoder()).isIn("dct-4-4-0", "dct-4-2-1");
      assertThat(cosine.psnr()).isBetween(15.0, 40.0);
      FrameManifest frames = TinyAutoencoder.frames(folder.resolve("run"));
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
                TinyAutoencoder.EXCERPTS.toString(),
                folder.resolve("shards").toString(),
                EncodeSettings.from(
                    TinyAutoencoder.settings(Map.of("encode.autoencoder", result.autoencoder()))),
                EncodeProgress.NONE)
            .execute();
    assertThat(encoded.manifest().encoding().scale()).isEqualTo(result.scalingFactor());
    assertThat(encoded.manifest().encoding().channels()).isEqualTo(4);
  }

  @Test
  void withoutAVideoToTrainOnTheSplitIsNamed() throws IOException {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      assertThatThrownBy(
              () -> train(spark, TinyAutoencoder.settings(Map.of("source.test-share", "1")), "run"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("autoencoder.held-out-split");
    }
  }

  @Test
  void sizesThatTheNetworkCannotHalveAreRefused() {
    try (JavaSparkContext spark = LocalSpark.start("local[1]")) {
      assertThatThrownBy(
              () -> job(spark, TinyAutoencoder.settings(Map.of("encode.image-size", "18")), "run"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("encode.image-size")
          .hasMessageContaining("multiple of 4");
      assertThatThrownBy(
              () ->
                  job(
                      spark,
                      TinyAutoencoder.settings(Map.of("autoencoder.norm-groups", "3")),
                      "run"))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("norm-num-groups = 3 does not divide 4");
    }
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

  private AutoencoderResult train(JavaSparkContext spark, Settings settings, String run)
      throws IOException {
    return job(spark, settings, run).execute();
  }

  private TrainAutoencoderJob job(JavaSparkContext spark, Settings settings, String run) {
    return TinyAutoencoder.job(spark, settings, folder.resolve(run));
  }
}
