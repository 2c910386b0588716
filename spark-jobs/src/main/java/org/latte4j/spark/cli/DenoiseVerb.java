package org.latte4j.spark.cli;

import java.nio.file.Path;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code denoise}: one forward pass of a model. */
@Command(
    name = "denoise",
    description =
        "One forward pass of a model: tensors x [B,F,C,H,W], t [B] and, for a conditional model,"
            + " y [B] give out. Sizes come from the weights' shapes; only model.heads must be"
            + " told.")
final class DenoiseVerb extends Verb {
  @Option(
      names = "--weights",
      required = true,
      paramLabel = "FILE",
      description = "Weights: .safetensors, a torch .pt, or a checkpoint folder.")
  private Path weights;

  @Option(names = "--ema", description = "Use the moving average of a file that holds both.")
  private boolean ema;

  @Option(names = "--inputs", required = true, paramLabel = "FILE", description = "Safetensors.")
  private Path inputs;

  @Option(names = "--output", required = true, paramLabel = "FILE", description = "Safetensors.")
  private Path output;

  @Option(
      names = "--guidance",
      paramLabel = "S",
      description = "Scale of classifier-free guidance; without it, a plain forward pass.")
  private OptionalDouble guidance;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "denoise %s %s %s %s %s".formatted(weights, ema, inputs, output, guidance));
  }
}
