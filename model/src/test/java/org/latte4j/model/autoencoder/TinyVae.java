package org.latte4j.model.autoencoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.latte4j.model.weights.SafetensorsFile;

/** A small AutoencoderKL and what diffusers computed with it. */
final class TinyVae {
  static final AutoencoderKlConfig CONFIG =
      new AutoencoderKlConfig(List.of(32, 64), 1, 4, 8, 0.18215);

  private TinyVae() {}

  /** Its folder, as diffusers wrote it. */
  static Path folder() {
    return resource("/golden/vae_tiny/config.json").getParent();
  }

  static MemoryWeights weights() {
    try (SafetensorsFile file =
        SafetensorsFile.open(folder().resolve("diffusion_pytorch_model.safetensors"))) {
      return MemoryWeights.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Inputs and outputs by name. */
  static MemoryWeights fixture() {
    try (SafetensorsFile file =
        SafetensorsFile.open(resource("/golden/vae_tiny.fixture.safetensors"))) {
      return MemoryWeights.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path resource(String name) {
    try {
      return Path.of(TinyVae.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(name, e);
    }
  }
}
