package org.latte4j.data.clip;

import org.latte4j.data.shard.Halves;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.weights.Float16;

/**
 * A sample of the autoencoder's posterior: (mean + deviation * normal) * scale.
 *
 * <p>Not thread-safe: holds a frame's normal values.
 */
final class PosteriorDraw {
  /** Of each half that a log variance can be. StrictMath: the same bits on every machine. */
  private static final double[] DEVIATIONS = new double[1 << 16];

  static {
    for (int half = 0; half < DEVIATIONS.length; half++) {
      DEVIATIONS[half] = StrictMath.exp(0.5 * Float16.toFloat((short) half));
    }
  }

  private final double[] normals;

  /**
   * For frames of one size.
   *
   * @param frameLength C * H * W
   */
  PosteriorDraw(int frameLength) {
    normals = new double[frameLength];
  }

  /**
   * Draws one frame.
   *
   * @param frame in the segment, from 0
   * @param random gives one normal value for each of the frame's C, H, W, in this order
   * @param into takes [C, H, W] from {@code offset} on
   */
  void frame(LatentSegment segment, int frame, RandomStream random, float[] into, int offset) {
    int values = normals.length;
    random.normals(normals, 0, values);
    byte[] moments = segment.moments();
    double scale = segment.scale();
    int means = frame * 4 * values;
    int logVariances = means + 2 * values;
    for (int i = 0; i < values; i++) {
      double mean = Halves.at(moments, means + 2 * i);
      int logVariance = logVariances + 2 * i;
      double deviation =
          DEVIATIONS[(moments[logVariance] & 0xff) | (moments[logVariance + 1] & 0xff) << 8];
      into[offset + i] = (float) ((mean + deviation * normals[i]) * scale);
    }
  }
}
