package org.latte4j.spark.cli;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.averaging.AveragingBenchmark;
import org.latte4j.spark.averaging.AveragingTimes;
import org.latte4j.spark.averaging.BroadcastBenchmark;
import org.latte4j.spark.averaging.StateVector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench average}: times rounds of parameter averaging. */
@Command(name = "average", description = "Time rounds of parameter averaging without a network.")
final class BenchAverageVerb extends Verb {
  @Option(
      names = "--floats",
      required = true,
      paramLabel = "N",
      description = "Parameters of the model.")
  private long floats;

  @Option(names = "--workers", required = true, paramLabel = "N", description = "Logical workers.")
  private int workers;

  @Option(
      names = "--runs",
      defaultValue = "5",
      description = "Timed rounds (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      paramLabel = "N",
      description = {
        "Rounds before the timed ones (default: ${DEFAULT-VALUE}). Java compiles for about half a",
        "minute, on the same cores: take so many that they last that long."
      })
  private int warmUp;

  @Mixin private MasterOption master;

  @Option(names = "--adam", description = "Move Adam's two moments with the parameters.")
  private boolean adam;

  @Option(
      names = "--compare",
      defaultValue = "0",
      paramLabel = "N",
      description = {
        "Also time N rounds that move the same state through the driver, by broadcast and tree",
        "aggregation, as Deeplearning4j's parameter averaging does (default: none). Large states",
        "need --set spark.properties.driver.maxResultSize=0."
      })
  private int compared;

  @Override
  protected Object run(Invocation invocation) {
    if (floats < 1 || workers < 1 || runs < 1 || warmUp < 0 || compared < 0) {
      throw new SettingsException(
          "--floats, --workers and --runs must be at least 1, --warm-up and --compare at least 0");
    }
    EnumSet<StateVector> vectors =
        adam
            ? EnumSet.of(
                StateVector.PARAMETERS, StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT)
            : EnumSet.of(StateVector.PARAMETERS);
    Map<String, Object> report;
    try (JavaSparkContext spark =
        SparkApplication.start("bench average", invocation.settings(), master.url)) {
      AveragingTimes ours =
          new AveragingBenchmark(spark, floats, workers, vectors).run(warmUp, runs);
      invocation.out().println(ours.line("average"));
      report = report(ours);
      if (compared > 0) {
        AveragingTimes theirs =
            new BroadcastBenchmark(spark, floats, workers, vectors).run(compared);
        invocation.out().println(theirs.line("broadcast and tree aggregation"));
        report.put("broadcast-and-tree-aggregation", report(theirs));
      }
    }
    return report;
  }

  private Map<String, Object> report(AveragingTimes times) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("floats", floats);
    report.put("workers", workers);
    report.put("adam", adam);
    report.put("timings", times.timings());
    report.put("megabytes-of-model-per-second", times.megabytesOfModelPerSecond());
    report.put("nanoseconds-per-float", times.nanosecondsPerFloat());
    report.put("driver-heap-peak-bytes", times.driverHeapPeak());
    return report;
  }
}
