package org.latte4j.spark.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: from real video to generated video, in one command. */
@Command(
    name = "demo",
    description =
        "Encode the excerpts that ship with Latte4J, train a small model on them, and generate"
            + " video of each class.")
final class DemoVerb extends Verb {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "demo-output",
      description = "Folder for everything that the demo makes (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(
      names = "--from-scratch",
      description =
          "Start from a fresh network, and train for as long as the shipped checkpoint took.")
  private boolean fromScratch;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "demo to %s%s".formatted(output, fromScratch ? " from scratch" : ""));
  }
}
