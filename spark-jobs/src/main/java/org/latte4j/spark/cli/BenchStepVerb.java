package org.latte4j.spark.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench step}: times a training step. */
@Command(
    name = "step",
    description = "Time forward, backward and optimiser of one training step on random clips.")
final class BenchStepVerb extends Verb {
  @Option(
      names = "--model",
      defaultValue = "S/2",
      paramLabel = "SIZE",
      description = "S/2 ... XL/8, or DEPTHxWIDTHxHEADS/PATCH (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(
      names = "--frames",
      defaultValue = "16",
      description = "Frames of a clip (default: ${DEFAULT-VALUE}).")
  private int frames;

  @Option(
      names = "--latent",
      defaultValue = "32",
      description = "Height and width of the latent (default: ${DEFAULT-VALUE}).")
  private int latent;

  @Option(
      names = "--batch",
      defaultValue = "1",
      description = "Samples a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--runs",
      defaultValue = "5",
      description = "Timed steps, after one for warming up (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--threads",
      defaultValue = "2",
      description = "BLAS and kernel threads (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "bench step %s %d %d %d %d %d".formatted(model, frames, latent, batch, runs, threads));
  }
}
