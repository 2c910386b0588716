package org.latte4j.model.kernels;

import static org.latte4j.model.kernels.VectorMath.WIDTH;
import static org.latte4j.model.kernels.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Mean and reciprocal deviation of the values that group normalisation takes together.
 *
 * @param mean of the group
 * @param reciprocal 1 / sqrt(variance + epsilon)
 */
record GroupStatistics(float mean, float reciprocal) {
  /** Values looked at together. */
  static final int BLOCK = 4096;

  /** Of the values from {@code start} to {@code end}; block sums are added in double precision. */
  static GroupStatistics of(HostTensor x, long start, long end, double epsilon, Scratch scratch) {
    float[] block = scratch.array(0, BLOCK);
    double sum = 0;
    for (long at = start; at < end; at += BLOCK) {
      int length = (int) Math.min(BLOCK, end - at);
      readPadded(x, at, length, 0f, block);
      sum += sum(block, length, scratch.lanes());
    }
    float mean = (float) (sum / (end - start));
    double squares = 0;
    for (long at = start; at < end; at += BLOCK) {
      int length = (int) Math.min(BLOCK, end - at);
      readPadded(x, at, length, mean, block);
      squares += centredSquares(block, length, mean, scratch.lanes());
    }
    return new GroupStatistics(mean, (float) (1 / Math.sqrt(squares / (end - start) + epsilon)));
  }

  /** Reads values; up to a multiple of {@link VectorMath#WIDTH}, {@code pad} follows. */
  static void readPadded(HostTensor x, long at, int length, float pad, float[] block) {
    x.read(at, block, 0, length);
    Arrays.fill(block, length, VectorMath.padded(length), pad);
  }

  /** Sum of a padded block. */
  static float sum(float[] x, int length, float[] lanes) {
    FloatVector sums = VectorMath.zero();
    for (int i = 0; i < length; i += WIDTH) {
      sums = sums.add(load(x, i));
    }
    return VectorMath.sum(sums, lanes);
  }

  private static float centredSquares(float[] x, int length, float mean, float[] lanes) {
    FloatVector sums = VectorMath.zero();
    for (int i = 0; i < length; i += WIDTH) {
      FloatVector centred = load(x, i).sub(mean);
      sums = centred.fma(centred, sums);
    }
    return VectorMath.sum(sums, lanes);
  }
}
