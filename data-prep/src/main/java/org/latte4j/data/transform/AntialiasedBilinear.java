package org.latte4j.data.transform;

import java.util.Arrays;
import org.latte4j.data.video.RgbImage;

/**
 * Pillow's bilinear resize of 8-bit images: every output pixel is the mean of the input pixels
 * under a triangle whose half width is one output pixel's worth of input, or one input pixel if the
 * image grows.
 *
 * <p>The arithmetic is Pillow's as well. Weights are computed and normalised in double precision
 * and rounded to 22 fractional bits; rows are resized first, to 8 bits, rounding half up and
 * clamping; then columns, in the same way. A direction whose length does not change is left out.
 * Results equal those of Pillow 9.4 bit for bit.
 */
final class AntialiasedBilinear {
  private static final int PRECISION_BITS = 32 - 8 - 2;
  private static final int HALF = 1 << (PRECISION_BITS - 1);

  private final RgbImage image;
  private final int width;
  private final int height;

  /**
   * A resize.
   *
   * @param width of the whole result in pixels
   * @param height of the whole result in pixels
   */
  AntialiasedBilinear(RgbImage image, int width, int height) {
    this.image = image;
    this.width = width;
    this.height = height;
  }

  /** The part of the result that starts at (left, top); only what it needs is computed. */
  RgbImage window(int left, int top, int windowWidth, int windowHeight) {
    Weights vertical = Weights.of(image.height(), height, top, windowHeight);
    int firstRow = vertical.firstInput();
    int rows = vertical.endOfInput() - firstRow;
    byte[] narrowed = resizeRows(left, windowWidth, firstRow, rows);
    return new RgbImage(
        windowWidth, windowHeight, resizeColumns(narrowed, windowWidth, firstRow, vertical));
  }

  /** Columns [left, left + columns) of the rows [firstRow, firstRow + rows), resized in width. */
  private byte[] resizeRows(int left, int columns, int firstRow, int rows) {
    byte[] from = image.pixels();
    byte[] to = new byte[3 * columns * rows];
    Weights horizontal = Weights.of(image.width(), width, left, columns);
    for (int y = 0; y < rows; y++) {
      int row = 3 * image.width() * (firstRow + y);
      for (int x = 0; x < columns; x++) {
        int[] weights = horizontal.weights[x];
        int red = HALF;
        int green = HALF;
        int blue = HALF;
        int at = row + 3 * horizontal.starts[x];
        for (int weight : weights) {
          red += (from[at] & 255) * weight;
          green += (from[at + 1] & 255) * weight;
          blue += (from[at + 2] & 255) * weight;
          at += 3;
        }
        int target = 3 * (y * columns + x);
        to[target] = level(red);
        to[target + 1] = level(green);
        to[target + 2] = level(blue);
      }
    }
    return to;
  }

  private static byte[] resizeColumns(byte[] from, int columns, int firstRow, Weights vertical) {
    int stride = 3 * columns;
    byte[] to = new byte[stride * vertical.starts.length];
    int[] sums = new int[stride];
    for (int y = 0; y < vertical.starts.length; y++) {
      Arrays.fill(sums, HALF);
      int at = stride * (vertical.starts[y] - firstRow);
      for (int weight : vertical.weights[y]) {
        for (int i = 0; i < stride; i++) {
          sums[i] += (from[at + i] & 255) * weight;
        }
        at += stride;
      }
      for (int i = 0; i < stride; i++) {
        to[stride * y + i] = level(sums[i]);
      }
    }
    return to;
  }

  private static byte level(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> PRECISION_BITS));
  }

  /** For each output position of one direction, where its inputs start and what they weigh. */
  private static final class Weights {
    private final int[] starts;
    private final int[][] weights;

    private Weights(int count) {
      starts = new int[count];
      weights = new int[count][];
    }

    static Weights of(int inputLength, int outputLength, int first, int count) {
      Weights result = new Weights(count);
      double scale = (double) inputLength / outputLength;
      double support = Math.max(1.0, scale);
      for (int i = 0; i < count; i++) {
        if (inputLength == outputLength) {
          result.starts[i] = first + i;
          result.weights[i] = new int[] {1 << PRECISION_BITS};
          continue;
        }
        double centre = (first + i + 0.5) * scale;
        int start = Math.max(0, (int) (centre - support + 0.5));
        int end = Math.min(inputLength, (int) (centre + support + 0.5));
        result.starts[i] = start;
        result.weights[i] = triangle(start, end, centre, support);
      }
      return result;
    }

    private static int[] triangle(int start, int end, double centre, double support) {
      double[] heights = new double[end - start];
      double sum = 0;
      for (int x = 0; x < heights.length; x++) {
        double distance = Math.abs((x + start - centre + 0.5) * (1.0 / support));
        heights[x] = distance < 1 ? 1 - distance : 0;
        sum += heights[x];
      }
      int[] fixed = new int[heights.length];
      for (int x = 0; x < fixed.length; x++) {
        fixed[x] = (int) (0.5 + heights[x] / sum * (1 << PRECISION_BITS));
      }
      return fixed;
    }

    int firstInput() {
      return starts[0];
    }

    int endOfInput() {
      int last = starts.length - 1;
      return starts[last] + weights[last].length;
    }
  }
}
