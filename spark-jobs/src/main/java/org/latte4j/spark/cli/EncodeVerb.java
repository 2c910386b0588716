package org.latte4j.spark.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code encode}: videos into latent shards. */
@Command(name = "encode", description = "Encode videos into latent shards.")
final class EncodeVerb extends Verb {
  @Option(
      names = "--input",
      required = true,
      paramLabel = "DIR",
      description = "Folder of videos; source.layout says how it is arranged.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the shards and their manifest.")
  private String output;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master, such as local[2] or spark://host:7077.")
  private Optional<String> master;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "encode %s to %s on %s".formatted(input, output, master));
  }
}
