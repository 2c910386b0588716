package org.latte4j.data.transform;

import java.util.Arrays;
import org.latte4j.data.video.PixelRows;
import org.latte4j.data.video.RgbImage;

/**
 * Pillow's bilinear resize of 8-bit images: every output pixel is the mean of the input pixels
 * under a triangle whose half width is one output pixel's worth of input, or one input pixel if the
 * image grows.
 *
 * <p>The arithmetic is Pillow's as well. Weights are computed and normalised in double precision
 * and rounded to 22 fractional bits; rows are resized first, to 8 bits, rounding half up and
 * clamping; then columns, in the same way. Results equal those of Pillow 9.4 bit for bit.
 *
 * <p>For one use, by one thread.
 */
final class AntialiasedBilinear {
  private static final int PRECISION_BITS = TriangleWeights.PRECISION_BITS;
  private static final int HALF = 1 << (PRECISION_BITS - 1);

  private final PixelRows image;
  private final int width;
  private final int height;

  /**
   * A resize.
   *
   * @param width of the whole result in pixels
   * @param height of the whole result in pixels
   */
  AntialiasedBilinear(PixelRows image, int width, int height) {
    this.image = image;
    this.width = width;
    this.height = height;
  }

  /** The part of the result that starts at (left, top); only what it needs is computed. */
  RgbImage window(int left, int top, int windowWidth, int windowHeight) {
    TriangleWeights vertical = TriangleWeights.of(image.height(), height, top, windowHeight);
    int firstRow = vertical.firstInput();
    NarrowedRows rows =
        NarrowedRows.of(
            image,
            TriangleWeights.of(image.width(), width, left, windowWidth),
            firstRow,
            vertical.endOfInput() - firstRow);
    int length = 3 * windowWidth;
    byte[] to = new byte[length * windowHeight];
    int[] sums = new int[length];
    for (int y = 0; y < windowHeight; y++) {
      Arrays.fill(sums, HALF);
      for (int tap = 0; tap < vertical.count(y); tap++) {
        int row = vertical.start(y) + tap - firstRow;
        add(rows.levels(), row * rows.stride(), vertical.weight(y, tap), sums, length);
      }
      for (int i = 0; i < length; i++) {
        to[length * y + i] = (byte) level(sums[i]);
      }
    }
    return new RgbImage(windowWidth, windowHeight, to);
  }

  /** A loop by itself, over integers alone, which the compiler turns into vector instructions. */
  private static void add(int[] levels, int from, int weight, int[] sums, int count) {
    for (int i = 0; i < count; i++) {
      sums[i] += levels[from + i] * weight;
    }
  }

  static int level(int sum) {
    return Math.min(255, sum >> PRECISION_BITS); // no weight is negative, and so no sum
  }
}
