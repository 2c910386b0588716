package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.settings.Settings;

/** Runs of a tiny autoencoder on frames of the real excerpts. */
final class TinyAutoencoder {
  static final Path EXCERPTS = Path.of("../conf/demo/excerpts").toAbsolutePath();
  static final int ROUNDS = 2;

  private TinyAutoencoder() {}

  /** A job on the excerpts. */
  static TrainAutoencoderJob job(JavaSparkContext spark, Settings settings, Path run) {
    return new TrainAutoencoderJob(
        spark,
        settings,
        new org.apache.hadoop.fs.Path(EXCERPTS.toString()),
        new org.apache.hadoop.fs.Path(run.toString()));
  }

  /** The frames of a run. */
  static FrameManifest frames(Path run) throws IOException {
    return FrameManifest.read(
            new org.apache.hadoop.fs.Path(run.resolve("frames").toString()), new Configuration())
        .orElseThrow();
  }

  /** The tiny autoencoder's settings, with some that differ. */
  static Settings settings(Map<String, String> more) {
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
