package org.latte4j.data.transform;

/**
 * For each output position of one direction of a bilinear resize, where its inputs start and what
 * they weigh: whole numbers of 22 fractional bits, none of them negative.
 */
final class TriangleWeights {
  /** Of a weight; 8 more hold a level, and two are left for sums. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  private final int[] starts;
  private final int[] offsets;
  private final int[] flat;
  private final int most;

  private TriangleWeights(int[] starts, int[] offsets, int[] flat, int most) {
    this.starts = starts;
    this.offsets = offsets;
    this.flat = flat;
    this.most = most;
  }

  /** The weights of the output positions [first, first + count). */
  static TriangleWeights of(int inputLength, int outputLength, int first, int count) {
    double scale = (double) inputLength / outputLength;
    double support = Math.max(1.0, scale);
    boolean same = inputLength == outputLength;
    int most = same ? 1 : (int) Math.ceil(2 * support) + 1;
    int[] starts = new int[count];
    int[] offsets = new int[count + 1];
    int[] flat = new int[Math.multiplyExact(count, most)];
    for (int i = 0; i < count; i++) {
      double centre = (first + i + 0.5) * scale;
      int start = same ? first + i : Math.max(0, (int) (centre - support + 0.5));
      int end = same ? start + 1 : Math.min(inputLength, (int) (centre + support + 0.5));
      starts[i] = start;
      offsets[i + 1] = offsets[i] + end - start;
      if (same) {
        flat[offsets[i]] = 1 << PRECISION_BITS;
      } else {
        triangle(start, end, centre, support, flat, offsets[i]);
      }
    }
    return new TriangleWeights(starts, offsets, flat, most);
  }

  private static void triangle(
      int start, int end, double centre, double support, int[] flat, int offset) {
    double[] heights = new double[end - start];
    double sum = 0;
    for (int x = 0; x < heights.length; x++) {
      double distance = Math.abs((x + start - centre + 0.5) * (1.0 / support));
      heights[x] = distance < 1 ? 1 - distance : 0;
      sum += heights[x];
    }
    for (int x = 0; x < heights.length; x++) {
      flat[offset + x] = (int) (0.5 + heights[x] / sum * (1 << PRECISION_BITS));
    }
  }

  /** Output positions. */
  int size() {
    return starts.length;
  }

  /** A bound on the inputs of one position. */
  int most() {
    return most;
  }

  /** The first input of a position. */
  int start(int position) {
    return starts[position];
  }

  /** Inputs of a position. */
  int count(int position) {
    return offsets[position + 1] - offsets[position];
  }

  /** What an input of a position weighs. */
  int weight(int position, int tap) {
    return flat[offsets[position] + tap];
  }

  /** The first input of all. */
  int firstInput() {
    return starts[0];
  }

  /** After the last input of all. */
  int endOfInput() {
    int last = starts.length - 1;
    return starts[last] + count(last);
  }
}
