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
 * <p>Rows are resized as they are needed and only so many are held as one row of the result is made
 * from. For one use, by one thread.
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
    NarrowedRows rows =
        new NarrowedRows(
            image, TriangleWeights.of(image.width(), width, left, windowWidth), vertical.most());
    int stride = 3 * windowWidth;
    byte[] to = new byte[stride * windowHeight];
    int[] sums = new int[stride];
    for (int y = 0; y < windowHeight; y++) {
      Arrays.fill(sums, HALF);
      for (int tap = 0; tap < vertical.count(y); tap++) {
        add(rows.row(vertical.start(y) + tap), vertical.weight(y, tap), sums);
      }
      for (int i = 0; i < stride; i++) {
        to[stride * y + i] = (byte) level(sums[i]);
      }
    }
    return new RgbImage(windowWidth, windowHeight, to);
  }

  /** A loop by itself, over integers alone, which the compiler turns into vector instructions. */
  private static void add(int[] row, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i] * weight;
    }
  }

  private static int level(int sum) {
    return Math.min(255, sum >> PRECISION_BITS); // no weight is negative, and so no sum
  }

  /** Rows of the image resized in width, the last few of them. */
  private static final class NarrowedRows {
    private final PixelRows image;
    private final TriangleWeights weights;
    private final int first;
    private final int columns;
    private final byte[][] rgb;
    private final int[][] held;
    private final int[] heldRow;

    /**
     * @param most rows that are needed at the same time
     */
    NarrowedRows(PixelRows image, TriangleWeights weights, int most) {
      this.image = image;
      this.weights = weights;
      this.first = weights.firstInput();
      this.columns = weights.endOfInput() - first;
      this.rgb = new byte[3][columns];
      this.held = new int[most][3 * weights.size()];
      this.heldRow = new int[most];
      Arrays.fill(heldRow, -1);
    }

    /** Levels of a row, three a pixel; valid until as many others were asked for as are held. */
    int[] row(int y) {
      int place = y % held.length;
      if (heldRow[place] != y) {
        image.row(y, first, columns, rgb, 0);
        narrow(held[place]);
        heldRow[place] = y;
      }
      return held[place];
    }

    private void narrow(int[] to) {
      int[] flat = weights.flat();
      byte[] red = rgb[0];
      byte[] green = rgb[1];
      byte[] blue = rgb[2];
      int target = 0;
      for (int x = 0; x < weights.size(); x++) {
        int at = weights.start(x) - first;
        int tap = weights.offset(x);
        int end = tap + weights.count(x);
        int r = HALF;
        int g = HALF;
        int b = HALF;
        while (tap < end) {
          int weight = flat[tap++];
          r += (red[at] & 255) * weight;
          g += (green[at] & 255) * weight;
          b += (blue[at] & 255) * weight;
          at++;
        }
        to[target] = level(r);
        to[target + 1] = level(g);
        to[target + 2] = level(b);
        target += 3;
      }
    }
  }
}
