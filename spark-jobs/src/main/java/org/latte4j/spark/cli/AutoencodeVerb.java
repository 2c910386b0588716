package org.latte4j.spark.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code autoencode}: images through an autoencoder and back. */
@Command(
    name = "autoencode",
    description =
        "Encode and decode images: tensor x [B,3,H,W] in [-1,1] gives mean, logvar, and decoded (of"
            + " the mean).")
final class AutoencodeVerb extends Verb {
  @Option(
      names = "--autoencoder",
      required = true,
      paramLabel = "DIR",
      description = "Folder of a diffusers AutoencoderKL, or dct-BLOCK-LUMA-CHROMA.")
  private String autoencoder;

  @Option(names = "--inputs", required = true, paramLabel = "FILE", description = "Safetensors.")
  private Path inputs;

  @Option(names = "--output", required = true, paramLabel = "FILE", description = "Safetensors.")
  private Path output;

  @Override
  protected Object run(Invocation invocation) {
    throw new UnsupportedOperationException(
        "autoencode %s %s %s".formatted(autoencoder, inputs, output));
  }
}
