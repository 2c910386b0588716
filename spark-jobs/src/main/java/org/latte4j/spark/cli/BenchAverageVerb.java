package org.latte4j.spark.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
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
      description = "Timed rounds, after one for warming up (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master, such as local[2] or spark://host:7077.")
  private Optional<String> master;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "bench average %d %d %d %s".formatted(floats, workers, runs, master));
  }
}
