package org.latte4j.model.kernels;

import java.util.Arrays;

/**
 * Sums of chunks, kept apart until all chunks have ended and then added in the order of the chunks.
 * Reused from operation to operation.
 */
final class Partials {
  private float[] sums = new float[0];
  private float[] total = new float[0];
  private float[] before = new float[0];
  private int width;

  /** Makes room for one vector of {@code paddedWidth} sums for each chunk. */
  void begin(int chunks, int paddedWidth) {
    width = paddedWidth;
    if (sums.length < chunks * paddedWidth) {
      sums = new float[chunks * paddedWidth];
    }
    if (total.length < paddedWidth) {
      total = new float[paddedWidth];
      before = new float[paddedWidth];
    }
  }

  /** Takes over the sums of a chunk, the first {@code width} of an array. */
  void put(int chunk, float[] from) {
    System.arraycopy(from, 0, sums, chunk * width, width);
  }

  /** Writes the total of some chunks, set or added to what is there. */
  void finish(int firstChunk, int endChunk, Write write, HostTensor to, long at, int count) {
    Arrays.fill(total, 0, width, 0f);
    for (int chunk = firstChunk; chunk < endChunk; chunk++) {
      accumulate(sums, chunk * width);
    }
    if (write == Write.ADD) {
      to.read(at, before, 0, count);
      accumulate(before, 0);
    }
    to.write(at, total, 0, count);
  }

  private void accumulate(float[] from, int start) {
    for (int i = 0; i < width; i++) {
      total[i] += from[start + i];
    }
  }
}
