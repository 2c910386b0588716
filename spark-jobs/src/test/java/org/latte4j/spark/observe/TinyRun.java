package org.latte4j.spark.observe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeProgress;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.train.TrainJob;

/** A tiny Latte on latents of the real excerpts, of which two in five are held out. */
final class TinyRun {
  private static final Path EXCERPTS = Path.of("../conf/demo/excerpts").toAbsolutePath();

  private TinyRun() {}

  static void encode(JavaSparkContext spark, Path shards) throws IOException {
    new EncodeJob(
            spark,
            EXCERPTS.toString(),
            shards.toString(),
            EncodeSettings.from(settings(Map.of())),
            EncodeProgress.NONE)
        .execute();
  }

  static TrainJob job(JavaSparkContext spark, Settings settings, Path shards, Path run) {
    return new TrainJob(spark, settings, hadoop(shards), hadoop(run))
        .listener(RunObserver.ofLatte(spark, settings));
  }

  static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  static Settings settings(Map<String, String> more) {
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
                Map.entry("train.rounds", "4"),
                Map.entry("train.local-steps", "2"),
                Map.entry("train.batch-size", "2"),
                Map.entry("train.learning-rate", "0.001"),
                Map.entry("train.ema-decay", "0.9"),
                Map.entry("train.checkpoint.every-rounds", "2"),
                Map.entry("train.validation.share", "0.4"),
                Map.entry("train.validation.every-rounds", "2"),
                Map.entry("train.validation.clips", "5"),
                Map.entry("train.samples.every-rounds", "2"),
                Map.entry("sample.steps", "2")));
    settings.putAll(more);
    return Settings.load(List.of(), settings);
  }
}
