package org.latte4j.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.LocalSpark;
import org.latte4j.spark.encode.EncodeJob;
import org.latte4j.spark.encode.EncodeProgress;
import org.latte4j.spark.encode.EncodeSettings;

/** Runs of a tiny Latte on latents of the real excerpts, which are encoded once for all tests. */
public final class TinyTraining {
  private static final Path EXCERPTS = Path.of("../conf/demo/excerpts").toAbsolutePath();
  private static Path shards;

  private TinyTraining() {}

  /** The shards: the excerpts' eight videos. Starts Spark the first time, so no other may run. */
  public static synchronized Path shards() {
    if (shards == null) {
      try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
        Path folder = Files.createTempDirectory("tiny-shards");
        new EncodeJob(
                spark,
                EXCERPTS.toString(),
                folder.resolve("shards").toString(),
                EncodeSettings.from(settings(Map.of())),
                EncodeProgress.NONE)
            .execute();
        FileUtils.forceDeleteOnExit(folder.toFile());
        shards = folder.resolve("shards");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shards;
  }

  /** The tiny model's settings, three rounds of two steps, with some that differ. */
  public static Settings settings(Map<String, String> more) {
    return Settings.load(List.of(), overrides(more));
  }

  /** As {@link #settings}, for the command line. */
  public static Map<String, String> overrides(Map<String, String> more) {
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
                Map.entry("train.rounds", "3"),
                Map.entry("train.local-steps", "2"),
                Map.entry("train.batch-size", "2"),
                Map.entry("train.learning-rate", "0.001"),
                Map.entry("train.ema-decay", "0.9"),
                Map.entry("train.checkpoint.every-rounds", "1"),
                Map.entry("train.checkpoint.keep-last", "0")));
    settings.putAll(more);
    return settings;
  }

  /** A job on the shards. */
  public static TrainJob job(JavaSparkContext spark, Map<String, String> more, Path run) {
    return new TrainJob(spark, settings(more), hadoop(shards), hadoop(run));
  }

  /** Runs a job on the shards. */
  public static TrainResult train(JavaSparkContext spark, Map<String, String> more, Path run)
      throws IOException {
    return job(spark, more, run).execute();
  }

  /** The weight files of a run's checkpoint, by name. */
  public static Map<String, byte[]> weights(Path run, long step) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> listed = Files.list(run.resolve("checkpoint-" + step))) {
      for (Path file : listed.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** Names of a run's checkpoint folders, sorted as text. */
  public static List<String> checkpoints(Path run) throws IOException {
    try (Stream<Path> listed = Files.list(run)) {
      return listed
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("checkpoint-"))
          .sorted()
          .toList();
    }
  }

  /** Copies a folder with all that is in it. */
  public static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  /** For Hadoop's API. */
  public static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
