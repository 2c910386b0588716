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
 * <p>Of the result only a part is computed, from the input that it needs. For images of one size,
 * one after the other; not thread-safe.
 */
final class AntialiasedBilinear {
  private static final int PRECISION_BITS = TriangleWeights.PRECISION_BITS;
  static final int HALF = 1 << (PRECISION_BITS - 1);

  private final TriangleWeights vertical;
  private final NarrowedRows rows;
  private final int width;
  private final int[] sums;

  /**
   * A resize.
   *
   * @param horizontal for every column of the part
   * @param vertical for every row of the part
   */
  AntialiasedBilinear(TriangleWeights horizontal, TriangleWeights vertical) {
    this.vertical = vertical;
    this.rows = new NarrowedRows(horizontal, vertical);
    this.width = horizontal.size();
    this.sums = new int[3 * width];
  }

  /** The part of the resized image. */
  RgbImage resize(PixelRows image) {
    rows.restart();
    byte[] pixels = new byte[sums.length * vertical.size()];
    int at = 0;
    for (int y = 0; y < vertical.size(); y++) {
      Arrays.fill(sums, HALF);
      for (int tap = 0; tap < vertical.count(y); tap++) {
        add(rows.row(image, vertical.start(y) + tap), vertical.weight(y, tap), sums);
      }
      for (int sum : sums) {
        pixels[at++] = (byte) level(sum);
      }
    }
    return new RgbImage(width, vertical.size(), pixels);
  }

  /** A loop by itself, over integers alone, which the compiler turns into vector instructions. */
  static void add(int[] levels, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += levels[i] * weight;
    }
  }

  static int level(int sum) {
    return Math.min(255, sum >> PRECISION_BITS); // no weight is negative, and so no sum
  }
}
