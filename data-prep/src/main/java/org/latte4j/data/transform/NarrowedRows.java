package org.latte4j.data.transform;

import java.util.Arrays;
import org.latte4j.data.video.PixelRows;

/**
 * Rows of an image resized in width.
 *
 * <p>A block of rows is turned first, so that each column of it lies in one piece: then a column of
 * the result is the sum of a few weighted columns, over as many rows at once as vector instructions
 * take. Row by row, each of its sums has only a few terms, and nothing can be done at once.
 *
 * @param levels three a pixel, row by row; not to be changed
 * @param stride from one row to the next
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes a frame: shared, never compared
record NarrowedRows(int[] levels, int stride) {
  /** Rows of a block, whose turned channel fits into a second-level cache at ordinary widths. */
  private static final int BLOCK = 128;

  /** Rows that are turned together: their levels of one column fill a line of the cache. */
  private static final int TILE = 16;

  private static final int HALF = 1 << (TriangleWeights.PRECISION_BITS - 1);

  /**
   * Between rows, so that the levels of a column in several rows do not compete for one place in
   * the cache, as they would at a distance of a power of two.
   */
  private static final int GAP = 16;

  /**
   * Resizes rows.
   *
   * @param firstRow of the image
   * @param rows how many
   */
  static NarrowedRows of(PixelRows image, TriangleWeights weights, int firstRow, int rows) {
    int first = weights.firstInput();
    int columns = weights.endOfInput() - first;
    int stride = 3 * weights.size() + GAP;
    int[] levels = new int[stride * rows];
    byte[][] rgb = new byte[3][BLOCK * columns];
    int[] turned = new int[BLOCK * columns];
    int[] sums = new int[BLOCK];
    for (int block = 0; block < rows; block += BLOCK) {
      int count = Math.min(BLOCK, rows - block);
      for (int y = 0; y < count; y++) {
        image.row(firstRow + block + y, first, columns, rgb, y * columns);
      }
      for (int channel = 0; channel < 3; channel++) {
        for (int tile = 0; tile < count; tile += TILE) {
          turn(rgb[channel], columns, tile, Math.min(TILE, count - tile), turned);
        }
        narrow(turned, weights, count, sums, levels, stride * block + channel, stride);
      }
    }
    return new NarrowedRows(levels, stride);
  }

  /** Row after row becomes column after column, as integers. */
  private static void turn(byte[] rows, int columns, int tile, int count, int[] turned) {
    for (int x = 0; x < columns; x++) {
      int from = tile * columns + x;
      int at = BLOCK * x + tile;
      for (int y = 0; y < count; y++) {
        turned[at + y] = rows[from + y * columns] & 255;
      }
    }
  }

  /**
   * Resizes one channel of a block.
   *
   * @param count rows of the block
   * @param sums for {@link #BLOCK} values
   * @param to takes the levels, three apart in a row
   */
  private static void narrow(
      int[] turned,
      TriangleWeights weights,
      int count,
      int[] sums,
      int[] to,
      int offset,
      int stride) {
    int first = weights.firstInput();
    for (int x = 0; x < weights.size(); x++) {
      int column = BLOCK * (weights.start(x) - first);
      int taps = weights.count(x);
      int tap = taps % 2;
      if (tap == 0) {
        Arrays.fill(sums, HALF);
      } else {
        begin(turned, column, weights.weight(x, 0), sums);
      }
      for (; tap < taps; tap += 2) {
        addTwo(
            turned, column + BLOCK * tap, weights.weight(x, tap), weights.weight(x, tap + 1), sums);
      }
      int at = offset + 3 * x;
      for (int y = 0; y < count; y++) {
        to[at + stride * y] = AntialiasedBilinear.level(sums[y]);
      }
    }
  }

  // Loops by themselves, over integers alone, which the compiler turns into vector instructions.

  private static void begin(int[] turned, int column, int weight, int[] sums) {
    for (int y = 0; y < BLOCK; y++) {
      sums[y] = HALF + turned[column + y] * weight;
    }
  }

  /** A column and its neighbour. */
  private static void addTwo(int[] turned, int column, int weight, int next, int[] sums) {
    for (int y = 0; y < BLOCK; y++) {
      sums[y] += turned[column + y] * weight + turned[column + BLOCK + y] * next;
    }
  }
}
