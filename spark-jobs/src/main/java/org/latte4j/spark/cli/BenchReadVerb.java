package org.latte4j.spark.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.bench.ReadBenchmark;
import org.latte4j.spark.bench.ReadBenchmark.Pass;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench read}: how fast one thread reads shards. */
@Command(
    name = "read",
    description =
        "Measure how fast one thread reads latent shards on a local disk: all rows, then clips as"
            + " training draws them (model.frames, train.frame-interval, train.cache).")
final class BenchReadVerb extends Verb {
  @Option(names = "--shards", required = true, paramLabel = "DIR", description = "Latent shards.")
  private String shards;

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
    long cache = settings.bytes("train.cache", 0, 1L << 50);
    ReadBenchmark benchmark =
        new ReadBenchmark(LatentShards.open(new Path(shards), new Configuration()), window);
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
    return Map.of("shards", shards, "passes", passes);
  }
}
