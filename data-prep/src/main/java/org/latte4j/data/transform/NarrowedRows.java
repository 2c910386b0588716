package org.latte4j.data.transform;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.latte4j.data.video.PixelRows;

/**
 * The rows of an image resized in width, for a caller that asks for them from top to bottom.
 *
 * <p>Many rows are narrowed together, as a strip: its columns are laid out one after the other, so
 * that a column of the result is the weighted sum of a few arrays, which the compiler turns into
 * vector instructions. Pixel by pixel the same sums take twice the time.
 *
 * <p>Not thread-safe.
 */
final class NarrowedRows {
  /** A strip's columns should fit half a megabyte: one channel, an int a level. */
  private static final int STRIP_LEVELS = 1 << 17;

  private static final int FEWEST_ROWS = 64;
  private static final int MOST_ROWS = 192;

  /** Levels read at a time. */
  private static final int LANES = Long.BYTES;

  private static final VarHandle EIGHT_LEVELS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final TriangleWeights weights;
  private final int endRow;

  /** Of a row as it is read: a whole number of lanes. */
  private final int pitch;

  private final int stripRows;
  private final byte[][] levels;
  private final int[][] columns;
  private final int[] sums;

  /** Narrowed rows of the strip, red, green and blue side by side. */
  private final int[] strip;

  private final int[][] held;
  private final int[] heldRow;
  private int stripStart;
  private int stripEnd;

  /**
   * Rows of images of one size.
   *
   * @param weights of the width
   * @param vertical says which rows will be asked for, and how many are needed at the same time
   */
  NarrowedRows(TriangleWeights weights, TriangleWeights vertical) {
    this.weights = weights;
    this.endRow = vertical.endOfInput();
    this.pitch = roundUp(weights.endOfInput() - weights.firstInput());
    this.stripRows = stripRows(pitch, endRow - vertical.firstInput());
    this.levels = new byte[3][stripRows * pitch];
    this.columns = new int[pitch][stripRows];
    this.sums = new int[stripRows];
    this.strip = new int[stripRows * rowLength()];
    this.held = new int[vertical.most()][rowLength()];
    this.heldRow = new int[held.length];
  }

  /** Rows divided evenly among as few strips as their columns' size allows. */
  private static int stripRows(int columns, int rows) {
    int most = Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, STRIP_LEVELS / columns));
    int strips = (rows + most - 1) / most;
    return roundUp((rows + strips - 1) / strips);
  }

  private static int roundUp(int length) {
    return (length + LANES - 1) / LANES * LANES;
  }

  private int rowLength() {
    return 3 * weights.size();
  }

  /** Forgets what was read; the next row may be one of another image. */
  void restart() {
    stripStart = 0;
    stripEnd = 0;
    Arrays.fill(heldRow, -1);
  }

  /**
   * Levels of a row, three a pixel; valid until as many others were asked for as are held.
   *
   * @param image the same since the last restart
   * @param y not above rows that are no longer held
   */
  int[] row(PixelRows image, int y) {
    int place = y % held.length;
    if (heldRow[place] != y) {
      if (y < stripStart || y >= stripEnd) {
        narrow(image, y);
      }
      System.arraycopy(strip, (y - stripStart) * rowLength(), held[place], 0, rowLength());
      heldRow[place] = y;
    }
    return held[place];
  }

  private void narrow(PixelRows image, int start) {
    stripStart = start;
    stripEnd = Math.min(endRow, start + stripRows);
    int first = weights.firstInput();
    int count = weights.endOfInput() - first;
    for (int y = start; y < stripEnd; y++) {
      image.row(y, first, count, levels, (y - start) * pitch);
    }
    for (int channel = 0; channel < levels.length; channel++) {
      for (int x = 0; x < pitch; x += LANES) {
        spread(levels[channel], x);
      }
      for (int x = 0; x < weights.size(); x++) {
        sum(x, first);
        gather(3 * x + channel);
      }
    }
  }

  /** Lays out eight columns, from x on. */
  private void spread(byte[] from, int x) {
    int[] column0 = columns[x];
    int[] column1 = columns[x + 1];
    int[] column2 = columns[x + 2];
    int[] column3 = columns[x + 3];
    int[] column4 = columns[x + 4];
    int[] column5 = columns[x + 5];
    int[] column6 = columns[x + 6];
    int[] column7 = columns[x + 7];
    int at = x;
    for (int y = 0; y < column0.length; y++) {
      long eight = (long) EIGHT_LEVELS.get(from, at);
      column0[y] = (int) eight & 255;
      column1[y] = (int) (eight >>> 8) & 255;
      column2[y] = (int) (eight >>> 16) & 255;
      column3[y] = (int) (eight >>> 24) & 255;
      column4[y] = (int) (eight >>> 32) & 255;
      column5[y] = (int) (eight >>> 40) & 255;
      column6[y] = (int) (eight >>> 48) & 255;
      column7[y] = (int) (eight >>> 56);
      at += pitch;
    }
  }

  /** The sums of a column of the result. */
  private void sum(int x, int first) {
    Arrays.fill(sums, AntialiasedBilinear.HALF);
    for (int tap = 0; tap < weights.count(x); tap++) {
      AntialiasedBilinear.add(
          columns[weights.start(x) + tap - first], weights.weight(x, tap), sums);
    }
  }

  /** Puts them among the rows, as levels. */
  private void gather(int place) {
    int length = rowLength();
    int at = place;
    for (int y = 0; y < sums.length; y++) {
      strip[at] = AntialiasedBilinear.level(sums[y]);
      at += length;
    }
  }
}
