package org.latte4j.spark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.latte4j.spark.inference.AutoencoderRoundTrip;
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
  protected Object run(Invocation invocation) throws IOException {
    try (WeightSource tensors = Weights.open(inputs, Part.MODEL);
        Autoencoder opened = open()) {
      int[] latents = new AutoencoderRoundTrip(opened).run(tensors, output);
      invocation.out().println("mean, logvar, decoded: " + output);
      return Map.of(
          "output", output.toString(), "latents", latents, "fingerprint", opened.fingerprint());
    }
  }

  private Autoencoder open() throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    try {
      return Autoencoders.open(autoencoder, () -> KernelsChoice.forBackend(threads));
    } catch (IllegalArgumentException e) {
      throw new SettingsException("--autoencoder: " + e.getMessage(), e);
    }
  }
}
