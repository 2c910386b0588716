package org.latte4j.spark.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sample}: video from a checkpoint. */
@Command(name = "sample", description = "Generate video from a checkpoint.")
final class SampleVerb extends Verb {
  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "A checkpoint, or a training run's folder (its newest whole checkpoint).")
  private String checkpoint;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the videos and the contact sheet.")
  private String output;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master, such as local[2] or spark://host:7077.")
  private Optional<String> master;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "sample %s to %s on %s".formatted(checkpoint, output, master));
  }
}
