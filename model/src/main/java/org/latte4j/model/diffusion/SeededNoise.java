package org.latte4j.model.diffusion;

import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Noise that is a function of (seed, sample, step): a video does not depend on the batch, the
 * machine or the order in which it was made, and it starts from the same latents whatever the
 * number of steps.
 *
 * <p>Immutable and thread-safe.
 */
public final class SeededNoise implements NoiseSource {
  /** Steps that add noise count from 1. */
  private static final int START = 0;

  private final long seed;
  private final long[] samples;
  private final int length;

  /**
   * Noise of a batch of samples.
   *
   * @param seed the user's seed
   * @param samples number of each sample in the whole run [B]
   * @param shape size of one clip
   */
  public SeededNoise(long seed, long[] samples, LatentShape shape) {
    this.seed = seed;
    this.samples = samples.clone();
    this.length = shape.length();
  }

  @Override
  public void start(float[] out) {
    draw(START, out);
  }

  @Override
  public void at(int step, float[] out) {
    draw(step, out);
  }

  private void draw(int step, float[] out) {
    if (out.length != samples.length * length) {
      throw new IllegalArgumentException(
          "noise for %d samples of %d values does not fill %d values"
              .formatted(samples.length, length, out.length));
    }
    for (int i = 0; i < samples.length; i++) {
      RandomStream.of(seed, Purpose.SAMPLING, samples[i], step).normals(out, i * length, length);
    }
  }
}
