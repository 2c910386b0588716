package org.latte4j.model.random;

/**
 * What random numbers are drawn for. Streams of different purposes are independent even where seed
 * and coordinates are equal, so that drawing more numbers for one thing never shifts another.
 *
 * <p>The code, not the place in the list, enters the stream: a code is never changed or used again,
 * as stored results depend on it.
 */
public enum Purpose {
  /** Initial values of parameters. */
  INITIALISATION(1),
  /** The noise that training adds to latents. */
  NOISE(2),
  /** The diffusion timestep of a training example. */
  TIMESTEP(3),
  /** Whether a training example's label is replaced by the null label. */
  LABEL_DROPOUT(4),
  /** The draw from the autoencoder's posterior. */
  POSTERIOR(5),
  /** Where a clip begins in its video. */
  CROP(6),
  /** Whether a clip is mirrored. */
  FLIP(7),
  /** The order in which training examples are visited. */
  ORDER(8),
  /** The noise of the sampling chain. */
  SAMPLING(9),
  /** Which part of a data set (training, validation) a video belongs to. */
  SPLIT(10),
  /** Single images taken from videos for joint training. */
  IMAGES(11),
  /** Inputs of benchmarks and self-checks. */
  BENCHMARK(12);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  /** Enters the stream's key; stable for all time. */
  int code() {
    return code;
  }
}
