package org.latte4j.spark.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train}: parameter averaging over latent shards. */
@Command(name = "train", description = "Train a model on latent shards by parameter averaging.")
final class TrainVerb extends Verb {
  @Option(
      names = "--shards",
      required = true,
      paramLabel = "DIR",
      description = "Folder of latent shards that encode wrote.")
  private String shards;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for checkpoints and reports.")
  private String output;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master, such as local[2] or spark://host:7077.")
  private Optional<String> master;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "train %s to %s on %s".formatted(shards, output, master));
  }
}
