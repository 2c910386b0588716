package org.latte4j.spark.cli;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.averaging.AveragingBenchmark;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.bench.Timings;
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
      description = "Timed rounds, after two for warming up (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Mixin private MasterOption master;

  @Option(names = "--adam", description = "Move Adam's two moments with the parameters.")
  private boolean adam;

  @Override
  protected Object run(Invocation invocation) {
    if (floats < 1 || workers < 1 || runs < 1) {
      throw new SettingsException("--floats, --workers and --runs must be at least 1");
    }
    EnumSet<StateVector> vectors =
        adam
            ? EnumSet.of(
                StateVector.PARAMETERS, StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT)
            : EnumSet.of(StateVector.PARAMETERS);
    AveragingBenchmark.Result result;
    try (JavaSparkContext spark =
        SparkApplication.start("bench average", invocation.settings(), master.url)) {
      result = new AveragingBenchmark(spark, floats, workers, vectors).run(runs);
    }
    invocation.out().println(result.line());
    double[] seconds = result.seconds().stream().mapToDouble(Double::doubleValue).toArray();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("floats", floats);
    report.put("workers", workers);
    report.put("adam", adam);
    report.put("timings", Timings.of(seconds));
    report.put("megabytes-of-model-per-second", result.megabytesOfModelPerSecond());
    return report;
  }
}
