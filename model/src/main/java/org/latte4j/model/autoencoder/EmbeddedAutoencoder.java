package org.latte4j.model.autoencoder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.latte4j.model.kernels.Kernels;

/** The trained autoencoder that comes with this library: diffusers' folder among its resources. */
final class EmbeddedAutoencoder {
  /** What settings call it. */
  static final String NAME = "small";

  private static final List<String> FILES =
      List.of(DiffusersExport.CONFIG, DiffusersExport.WEIGHTS);

  private EmbeddedAutoencoder() {}

  /** Opens it; its fingerprint is that of any folder with the same files. */
  static AutoencoderKl open(Supplier<Kernels> kernels) throws IOException {
    return unpacked(folder -> AutoencoderKl.open(folder, kernels));
  }

  /** Its fingerprint. */
  static String fingerprint() {
    return Known.FINGERPRINT;
  }

  /** Read once, when it is first asked for. */
  private static final class Known {
    private static final String FINGERPRINT = read();

    private static String read() {
      try {
        return unpacked(folder -> AutoencoderKl.fingerprint(DiffusersFolder.of(folder)));
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded autoencoder cannot be read", e);
      }
    }
  }

  @FunctionalInterface
  private interface FolderReader<T> {
    T read(Path folder) throws IOException;
  }

  private static <T> T unpacked(FolderReader<T> reader) throws IOException {
    Path folder = Files.createTempDirectory("latte4j-" + NAME);
    try {
      for (String file : FILES) {
        try (InputStream in = EmbeddedAutoencoder.class.getResourceAsStream(NAME + "/" + file)) {
          if (in == null) {
            throw new IllegalStateException("the library lacks its resource " + NAME + "/" + file);
          }
          Files.copy(in, folder.resolve(file));
        }
      }
      return reader.read(folder);
    } finally {
      for (String file : FILES) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.delete(folder);
    }
  }
}
