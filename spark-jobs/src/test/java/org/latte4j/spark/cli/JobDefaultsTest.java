package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.latte4j.model.settings.Settings;

/** Pins every key and default of the jobs: changing one changes what users' runs do. */
class JobDefaultsTest {
  private final Settings defaults = Settings.defaults();

  @Test
  void sourceDefaultsArePinned() {
    assertThat(defaults.section("source"))
        .isEqualTo(
            Map.of(
                "layout",
                "folder",
                "lists",
                "",
                "fold",
                1,
                "test-share",
                0,
                "split-seed",
                0,
                "splits",
                List.of(),
                "identity",
                "stat",
                "text-embeddings",
                ""));
  }

  @Test
  void encodeDefaultsArePinned() {
    assertThat(defaults.section("encode"))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("image-size", 256),
                Map.entry("transform", "resize-crop"),
                Map.entry("mirroring", "none"),
                Map.entry("autoencoder", "dct-4-8-2"),
                Map.entry("batch-size", 8),
                Map.entry("segment-frames", 256),
                Map.entry("segment-overlap", 64),
                Map.entry("minimum-frames", 16),
                Map.entry("max-rejected-share", 0.1),
                Map.entry("max-pixels", 16777216),
                Map.entry("max-frames", 2000000),
                Map.entry("max-duration", "12h"),
                Map.entry("max-damaged-frames", 0),
                Map.entry("split-bytes", "64MiB"),
                Map.entry("split-frames", 16384),
                Map.entry("verify", "lengths"),
                Map.entry("decoder.memory", "1GiB"),
                Map.entry("decoder.stall-limit", "60s"),
                Map.entry("decoder.time-limit", "2h"),
                Map.entry("shard-bytes", "32MiB"),
                Map.entry("shard-videos", 64)));
  }

  @Test
  void encodeTextDefaultsArePinned() {
    assertThat(defaults.section("encode-text"))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("max-tokens", 77),
                Map.entry("too-long", "cut"),
                Map.entry("padding", "max-tokens"),
                Map.entry("pad-token", "<|endoftext|>"),
                Map.entry("mask", "none"),
                Map.entry("encoder-output", "last_hidden_state"),
                Map.entry("precision", "fp16"),
                Map.entry("batch-size", 16),
                Map.entry("texts-per-file", 1024),
                Map.entry("threads", 1)));
  }

  @Test
  void autoencoderDefaultsArePinned() {
    assertThat(defaults.section("autoencoder"))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("block-out-channels", List.of(128, 256, 512, 512)),
                Map.entry("layers-per-block", 2),
                Map.entry("latent-channels", 4),
                Map.entry("norm-groups", 32),
                Map.entry("kl-weight", 1e-6),
                Map.entry("crop", 0),
                Map.entry("mirror-share", 0.5),
                Map.entry("held-out-split", "test"),
                Map.entry("frames.every", 8),
                Map.entry("export.weights", "ema"),
                Map.entry("export.precision", "fp16"),
                Map.entry("export.scale-frames", 1024),
                Map.entry("export.held-out-frames", 512)));
  }

  @Test
  void compactDefaultsArePinned() {
    assertThat(defaults.section("compact")).isEqualTo(Map.of("file-bytes", "256MiB"));
  }

  @Test
  void trainDefaultsArePinned() {
    assertThat(defaults.section("train"))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("rounds", 1000),
                Map.entry("local-steps", 4),
                Map.entry("workers", 2),
                Map.entry("batch-size", 5),
                Map.entry("learning-rate", 1e-4),
                Map.entry("warm-up-steps", 0),
                Map.entry("schedule", "constant"),
                Map.entry("clip-norm", 0.1),
                Map.entry("clip-start-step", 0),
                Map.entry("ema-decay", 0.9999),
                Map.entry("ema-start", "at-once"),
                Map.entry("min-snr-gamma", 0),
                Map.entry("seed", 0),
                Map.entry("frame-interval", 3),
                Map.entry("threads-per-worker", 1),
                Map.entry("micro-batch", 0),
                Map.entry("cache", "512MiB"),
                Map.entry("images", 0),
                Map.entry("image-list", ""),
                Map.entry("image-list-first", 0),
                Map.entry("start-from", ""),
                Map.entry("start.temporal-blocks", "by-index"),
                Map.entry("start.positions", "interpolated"),
                Map.entry("validation.split", ""),
                Map.entry("validation.share", 0),
                Map.entry("validation.seed", 0),
                Map.entry("validation.every-rounds", 0),
                Map.entry("validation.clips", 32),
                Map.entry("validation.bands", 4),
                Map.entry("validation.weights", List.of("ema", "model")),
                Map.entry("samples.every-rounds", 0),
                Map.entry("samples.per-class", 1),
                Map.entry("tensorboard", true),
                Map.entry("listeners", List.of()),
                Map.entry("checkpoint.every-rounds", 100),
                Map.entry("checkpoint.every-epochs", 0),
                Map.entry("accumulation", 1),
                Map.entry("updater-state", "averaged"),
                Map.entry("non-finite", "stop"),
                Map.entry("checkpoint.every-minutes", 0),
                Map.entry("checkpoint.keep-last", 3),
                Map.entry("checkpoint.keep-every", 0),
                Map.entry("recovery.every-rounds", 8),
                Map.entry("watchdog.report-after", "2m"),
                Map.entry("watchdog.usual-multiple", 4),
                Map.entry("watchdog.first-report-after", "15m"),
                Map.entry("watchdog.give-up-after", "0s")));
  }

  @Test
  void sampleDefaultsArePinned() {
    assertThat(defaults.section("sample"))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("sampler", "ddpm"),
                Map.entry("steps", 250),
                Map.entry("eta", 0),
                Map.entry("guidance", 7),
                Map.entry("guidance-interval", List.of()),
                Map.entry("first-video", 0),
                Map.entry("frames", 0),
                Map.entry("overlap", 0),
                Map.entry("image", ""),
                Map.entry("outputs", List.of("mp4", "gif", "contact-sheet")),
                Map.entry("clamp", "none"),
                Map.entry("videos-per-class", 1),
                Map.entry("classes", List.of()),
                Map.entry("text-embeddings", ""),
                Map.entry("negative-text", ""),
                Map.entry("seed", 0),
                Map.entry("frames-per-second", 8),
                Map.entry("batch-size", 4),
                Map.entry("threads", 1),
                Map.entry("enlarge", 1),
                Map.entry("autoencoder", ""),
                Map.entry("weights", "ema")));
  }

  @Test
  void sparkDefaultsArePinned() {
    assertThat(defaults.section("spark"))
        .isEqualTo(Map.of("master", "", "libraries", "auto", "preflight", "refuse"));
    assertThat(defaults.map("spark.properties")).isEmpty();
  }
}
