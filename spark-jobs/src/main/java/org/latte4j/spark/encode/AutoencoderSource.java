package org.latte4j.spark.encode;

import java.io.IOException;
import java.io.Serializable;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.kernels.KernelsChoice;

/**
 * How every executor opens the job's autoencoder.
 *
 * @param name of the autoencoder, as in {@code encode.autoencoder}
 * @param fingerprint that it had on the driver
 */
record AutoencoderSource(String name, String fingerprint) implements Serializable {
  /**
   * Opens an autoencoder by name, as the driver does first. One thread: Spark runs a task on each
   * core.
   */
  static Autoencoder open(String name) throws IOException {
    return Autoencoders.open(name, () -> KernelsChoice.forBackend(1));
  }

  /**
   * Opens the same autoencoder; the caller closes it.
   *
   * @throws IOException if it cannot be read here, or is another one than the driver's
   */
  Autoencoder open() throws IOException {
    Autoencoder autoencoder = open(name);
    if (!autoencoder.fingerprint().equals(fingerprint)) {
      String found = autoencoder.fingerprint();
      autoencoder.close();
      throw new IOException(
          "the autoencoder %s is %s here and %s on the driver: copy the same folder to all machines"
              .formatted(name, found, fingerprint));
    }
    return autoencoder;
  }
}
