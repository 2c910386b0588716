package org.latte4j.model.kernels;

/**
 * How rows are cut into the chunks that threads share out. The cut follows from the sizes alone,
 * never from the number of threads, so that sums over chunks have the same bits on any machine.
 *
 * @param rows number of rows
 * @param rowsPerChunk rows of every chunk but the last
 */
record Chunks(int rows, int rowsPerChunk) {
  private static final int MOST = 64;
  private static final int SMALLEST = 16_384;

  /** At most 64 chunks of at least 16,384 values, if there are so many. */
  static Chunks of(int rows, int width) {
    int forCount = (rows + MOST - 1) / MOST;
    int forSize = (SMALLEST + width - 1) / width;
    return new Chunks(rows, Math.max(forCount, forSize));
  }

  int count() {
    return (rows + rowsPerChunk - 1) / rowsPerChunk;
  }

  int first(int chunk) {
    return chunk * rowsPerChunk;
  }

  /** The row after a chunk's last. */
  int end(int chunk) {
    return Math.min(rows, (chunk + 1) * rowsPerChunk);
  }
}
