package org.latte4j.model.autoencoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.latte4j.model.kernels.Kernels;

/** Opens autoencoders by what the settings call them. */
public final class Autoencoders {
  private static final String DCT = "dct";

  private Autoencoders() {}

  /**
   * Opens an autoencoder.
   *
   * @param name {@code dct} or {@code dct-BLOCK-LUMA-CHROMA} for a {@link DctAutoencoder} (see
   *     {@link DctSettings#name()}), {@code small} for the trained one that comes with this library
   *     (docs/autoencoder.md), else the path of diffusers' folder of an {@link AutoencoderKl}; a
   *     folder of such a name is written {@code ./small}
   * @param kernels the arithmetic of an AutoencoderKl, closed with it; not asked for the transform
   * @throws IllegalArgumentException if the name begins with {@code dct-} but its settings are not
   *     valid
   * @throws IOException if the folder cannot be read, or does not fit
   */
  public static Autoencoder open(String name, Supplier<Kernels> kernels) throws IOException {
    if (name.equals(DCT) || name.startsWith(DCT + "-")) {
      return new DctAutoencoder(DctSettings.parse(name));
    }
    return name.equals(EmbeddedAutoencoder.NAME)
        ? EmbeddedAutoencoder.open(kernels)
        : AutoencoderKl.open(Path.of(name), kernels);
  }

  /**
   * The name by which the autoencoder with a fingerprint is opened without any files of the user's.
   *
   * @param fingerprint of {@link Autoencoder#fingerprint()}
   * @return empty if it is none of those that come with this library
   */
  public static Optional<String> builtIn(String fingerprint) {
    if (fingerprint.startsWith(DCT + "-")) {
      return Optional.of(fingerprint.replaceFirst(":.*", ""));
    }
    return fingerprint.equals(EmbeddedAutoencoder.fingerprint())
        ? Optional.of(EmbeddedAutoencoder.NAME)
        : Optional.empty();
  }
}
