package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.bench.PlanBenchmark;
import org.latte4j.spark.bench.ReadBenchmark;
import org.latte4j.spark.bench.ReadBenchmark.Pass;
import org.latte4j.spark.train.TrainSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench read}: how fast one thread reads shards. */
@Command(
    name = "read",
    description =
        "Measure how fast one thread reads latent shards on a local disk: all rows, then clips as"
            + " training draws them (model.frames, train.frame-interval, train.cache). Or, with"
            + " --rows, what the plan over a simulated data set of that size costs.")
final class BenchReadVerb extends Verb {
  @ArgGroup(multiplicity = "1")
  private Data data;

  /** What is measured. */
  static final class Data {
    @Option(names = "--shards", required = true, paramLabel = "DIR", description = "Latent shards.")
    private String shards;

    @Option(
        names = "--rows",
        required = true,
        paramLabel = "N",
        description = "Rows of a simulated data set.")
    private int rows;
  }

  @Option(
      names = "--clips",
      defaultValue = "500",
      description = "Clips in each pass (default: ${DEFAULT-VALUE}).")
  private int clips;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "Passes over rows and over clips (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    if (runs < 1 || clips < 1) {
      throw new SettingsException("--runs and --clips must be at least 1");
    }
    Settings settings = invocation.settings();
    ClipWindow window =
        new ClipWindow(
            settings.integer("model.frames", 1, 1 << 16),
            settings.integer("train.frame-interval", 1, 1 << 16));
    return data.shards == null ? plan(invocation, window) : read(invocation, window);
  }

  private Object plan(Invocation invocation, ClipWindow window) throws IOException {
    if (data.rows < 1) {
      throw new SettingsException("--rows must be at least 1");
    }
    TrainingPlan plan = TrainSettings.from(invocation.settings()).plan(data.rows);
    PlanBenchmark.Result result = new PlanBenchmark(data.rows).run(plan, window, runs);
    invocation
        .out()
        .printf(
            "plan %d rows: heap %.0f MB (%.0f bytes a row); a round of %d samples in at most %.4f s%n",
            result.rows(),
            1e-6 * result.heapBytes(),
            (double) result.heapBytes() / result.rows(),
            plan.samplesPerRound(),
            result.roundSeconds());
    return result;
  }

  private Object read(Invocation invocation, ClipWindow window) throws IOException {
    long cache = invocation.settings().bytes("train.cache", 0, 1L << 50);
    ReadBenchmark benchmark =
        new ReadBenchmark(LatentShards.open(new Path(data.shards), new Configuration()), window);
    List<Pass> passes = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      passes.add(benchmark.rows());
      passes.add(benchmark.clips(clips, cache));
    }
    for (Pass pass : passes) {
      invocation
          .out()
          .printf(
              "read %d %s: %.1f MB of moments, CPU %.3f s, %.0f MB/s of CPU; elapsed %.3f s%n",
              pass.count(),
              pass.what(),
              1e-6 * pass.momentBytes(),
              pass.cpuSeconds(),
              pass.megabytesPerCpuSecond(),
              pass.elapsedSeconds());
    }
    return Map.of("shards", data.shards, "passes", passes);
  }
}
