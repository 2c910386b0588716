package org.latte4j.spark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: the group of measurements. */
@Command(
    name = "bench",
    description =
        "Measure: a training step, a round of parameter averaging, decoding, or reading shards.",
    subcommands = {
      BenchStepVerb.class,
      BenchAverageVerb.class,
      BenchDecodeVerb.class,
      BenchReadVerb.class
    })
final class BenchVerb implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Name what to measure: step, average, decode or read.");
  }
}
