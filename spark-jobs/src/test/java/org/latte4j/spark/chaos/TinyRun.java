package org.latte4j.spark.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.cli.SparkApplication;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;
import org.latte4j.spark.train.TinyTraining;
import org.latte4j.spark.train.TrainJob;
import scala.Tuple2;

/** Training a tiny Latte on latents of real video, with Spark as the command line has it. */
final class TinyRun {
  /** Rounds of the run that others are compared with. */
  static final int ROUNDS = 16;

  static final int CHECKPOINT_ROUNDS = 4;

  private static final String OPTIONS = "spark.executor.extraJavaOptions";

  private static Map<String, byte[]> quiet;

  private final int rounds;
  private final Map<String, String> more = new HashMap<>();

  private TinyRun(int rounds) {
    this.rounds = rounds;
  }

  static TinyRun of(int rounds) {
    return new TinyRun(rounds);
  }

  /**
   * The checkpoints of {@link #ROUNDS} rounds in which nothing happens. Starts Spark the first
   * time, so no other may run.
   */
  static synchronized Map<String, byte[]> quiet() throws IOException {
    if (quiet == null) {
      Path folder = Files.createTempDirectory("quiet");
      TinyTraining.shards();
      of(ROUNDS).train(folder, new RunListener<RunDescription>() {});
      quiet = checkpoints(folder);
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
    return quiet;
  }

  /** The same with one more setting. */
  TinyRun with(String key, String value) {
    TinyRun run = new TinyRun(rounds);
    run.more.putAll(more);
    run.more.put(key, value);
    return run;
  }

  /** The same on a cluster, one executor a worker. */
  TinyRun on(StandaloneCluster cluster) {
    // How long to wait before a dead executor is asked once more; 5 s by default.
    SparkConf conf = cluster.conf().set("spark.shuffle.io.retryWait", "500ms");
    // Executors live for seconds here: more compiling would take longer than it saves.
    conf.set(OPTIONS, conf.get(OPTIONS) + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    TinyRun run = with("spark.master", cluster.master());
    for (Tuple2<String, String> property : conf.getAll()) {
      if (!property._1.equals("spark.master")) {
        run = run.with("spark.properties." + property._1.substring("spark.".length()), property._2);
      }
    }
    return run;
  }

  /** The same with an executioner in each executor. */
  TinyRun withOrders(Path orders) {
    return with("spark.properties.plugins", Executioner.class.getName())
        .with("spark.properties." + Executioner.FOLDER.substring("spark.".length()), "" + orders);
  }

  /** Trains to the end in this process. */
  void train(Path output, RunListener<RunDescription> listener) throws IOException {
    try (JavaSparkContext spark = startSpark()) {
      train(spark, output, listener);
    }
  }

  /** Spark as the command line starts it. */
  JavaSparkContext startSpark() {
    return SparkApplication.start("train", Settings.load(List.of(), settings()), Optional.empty());
  }

  /** Trains to the end on a Spark context that there is. */
  void train(JavaSparkContext spark, Path output, RunListener<RunDescription> listener)
      throws IOException {
    Settings settings = Settings.load(List.of(), settings());
    new TrainJob(spark, settings, hadoop(TinyTraining.shards()), hadoop(output))
        .listener(listener)
        .execute();
  }

  /** The arguments of {@code bin/latte} that do the same. */
  List<String> arguments(Path output) {
    String shards = TinyTraining.shards().toString();
    List<String> arguments =
        new ArrayList<>(List.of("train", "--shards", shards, "--output", output.toString()));
    settings().forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return arguments;
  }

  private Map<String, String> settings() {
    Map<String, String> settings =
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("spark.master", "local[2]"),
                Map.entry("spark.properties.ui.enabled", "false"),
                Map.entry("model.depth", "2"),
                Map.entry("model.hidden-size", "64"),
                Map.entry("model.heads", "2"),
                Map.entry("model.frames", "4"),
                Map.entry("train.rounds", "" + rounds),
                Map.entry("train.local-steps", "2"),
                Map.entry("train.batch-size", "2"),
                Map.entry("train.learning-rate", "0.001"),
                Map.entry("train.ema-decay", "0.9"),
                Map.entry("train.checkpoint.every-rounds", "" + CHECKPOINT_ROUNDS)));
    settings.putAll(more);
    return settings;
  }

  /** Weights, moments and moving averages of all whole checkpoints, by file. */
  static Map<String, byte[]> checkpoints(Path output) {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(output)) {
      for (Path file : all.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        if (Files.exists(file.resolveSibling("_SUCCESS"))) {
          files.put(output.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Names of the whole checkpoints of a run; none while the run has no folder. */
  static List<String> wholeCheckpoints(Path output) {
    return folders(output, true);
  }

  /** Names of the checkpoints that are being written. */
  static List<String> unfinishedCheckpoints(Path output) {
    return folders(output, false);
  }

  private static List<String> folders(Path output, boolean whole) {
    if (!Files.isDirectory(output)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(output)) {
      return all.filter(folder -> folder.getFileName().toString().startsWith("checkpoint-"))
          .filter(folder -> whole == Files.exists(folder.resolve("_SUCCESS")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compares the checkpoints of a run of {@link #ROUNDS} rounds with the quiet run's. */
  static void assertSameAsQuiet(Path output) throws IOException {
    assertSameFiles(checkpoints(output), quiet());
  }

  static void assertSameFiles(Map<String, byte[]> actual, Map<String, byte[]> expected) {
    assertThat(expected).isNotEmpty();
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, bytes) -> assertThat(actual.get(name)).as(name).isEqualTo(bytes));
  }

  /** Waits, for two minutes at most. */
  static void await(String what, BooleanSupplier condition) {
    await(what, 120, condition);
  }

  static void await(String what, int seconds, BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat((System.nanoTime() - begin) / 1e9)
          .as("seconds waited for " + what)
          .isLessThan(seconds);
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }
}
