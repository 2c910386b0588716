package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.autoencoder.AutoencoderKl;
import org.latte4j.model.autoencoder.AutoencoderKlConfig;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointPart;

/**
 * How every executor opens what was trained.
 *
 * @param checkpoint its folder
 * @param part which weights of it
 * @param network its sizes
 */
record TrainedWeights(
    String checkpoint, Part part, AutoencoderKlConfig network, SerializableConfiguration hadoop)
    implements Serializable {

  /** The weights, under diffusers' names; the caller closes them. */
  WeightSource open() throws IOException {
    return Checkpoint.open(new Path(checkpoint), hadoop.value()).weights(CheckpointPart.of(part));
  }

  /** The autoencoder, on one thread; the caller closes it. */
  AutoencoderKl autoencoder() throws IOException {
    try (WeightSource weights = open()) {
      return AutoencoderKl.load(
          network, weights, "autoencoder-kl:in-training", () -> KernelsChoice.forBackend(1));
    }
  }
}
