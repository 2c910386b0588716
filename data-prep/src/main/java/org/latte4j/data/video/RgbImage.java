package org.latte4j.data.video;

import java.io.Serializable;
import java.util.Objects;

/**
 * An image of 8-bit RGB pixels, row by row from the top left, three bytes (red, green, blue) a
 * pixel.
 *
 * <p>The array is neither copied in nor out: whoever holds it must not change it. On that condition
 * the image may be read by several threads.
 */
public final class RgbImage implements PixelRows, Serializable {
  private static final long serialVersionUID = 1L;
  private static final float[] NORMALISED = new float[256];

  static {
    for (int level = 0; level < 256; level++) {
      NORMALISED[level] = (level / 255f - 0.5f) / 0.5f;
    }
  }

  private final int width;
  private final int height;
  private final byte[] pixels;

  /**
   * Wraps an array.
   *
   * @param width W, at least 1
   * @param height H, at least 1
   * @param pixels H * W * 3 bytes
   * @throws IllegalArgumentException if sizes do not fit
   */
  public RgbImage(int width, int height, byte[] pixels) {
    Objects.requireNonNull(pixels, "pixels");
    if (width < 1 || height < 1 || pixels.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "an RGB image of %dx%d holds %d bytes, not %d"
              .formatted(width, height, 3L * width * height, pixels.length));
    }
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /** The same pixels in memory of their own. */
  public static RgbImage copyOf(PixelRows rows) {
    int width = rows.width();
    int height = rows.height();
    byte[] pixels = new byte[3 * width * height];
    byte[][] rgb = new byte[3][width];
    for (int y = 0; y < height; y++) {
      rows.row(y, 0, width, rgb, 0);
      int at = 3 * width * y;
      for (int x = 0; x < width; x++) {
        pixels[at] = rgb[0][x];
        pixels[at + 1] = rgb[1][x];
        pixels[at + 2] = rgb[2][x];
        at += 3;
      }
    }
    return new RgbImage(width, height, pixels);
  }

  /**
   * Of a generated picture: rounds to the nearest of 256 levels, half up.
   *
   * @param planar [3, H, W] from {@code offset} on, in [-1, 1]; values outside are clamped
   */
  public static RgbImage fromPlanar(float[] planar, int offset, int height, int width) {
    Objects.checkFromIndexSize(offset, 3 * height * width, planar.length);
    int plane = height * width;
    byte[] pixels = new byte[3 * plane];
    for (int channel = 0; channel < 3; channel++) {
      int from = offset + channel * plane;
      for (int i = 0; i < plane; i++) {
        int level = Math.round((planar[from + i] * 0.5f + 0.5f) * 255f);
        pixels[3 * i + channel] = (byte) Math.max(0, Math.min(255, level));
      }
    }
    return new RgbImage(width, height, pixels);
  }

  /**
   * Writes the pixels in [-1, 1], as the paper's code normalises them: (level / 255 - 0.5) / 0.5 in
   * single precision.
   *
   * @param planar takes [3, H, W] from {@code offset} on
   */
  public void toPlanar(float[] planar, int offset) {
    int plane = height * width;
    Objects.checkFromIndexSize(offset, 3 * plane, planar.length);
    for (int i = 0; i < plane; i++) {
      planar[offset + i] = NORMALISED[pixels[3 * i] & 255];
      planar[offset + plane + i] = NORMALISED[pixels[3 * i + 1] & 255];
      planar[offset + 2 * plane + i] = NORMALISED[pixels[3 * i + 2] & 255];
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public void row(int y, int from, int count, byte[][] rgb, int offset) {
    Objects.checkFromIndexSize(from, count, width);
    int at = 3 * (y * width + from);
    for (int x = offset; x < offset + count; x++) {
      rgb[0][x] = pixels[at];
      rgb[1][x] = pixels[at + 1];
      rgb[2][x] = pixels[at + 2];
      at += 3;
    }
  }

  /** The H * W * 3 bytes themselves, not a copy: not to be changed. */
  public byte[] pixels() {
    return pixels;
  }

  /** The pixel at column x, row y as 0xRRGGBB. */
  public int rgb(int x, int y) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    int at = 3 * (y * width + x);
    return (pixels[at] & 255) << 16 | (pixels[at + 1] & 255) << 8 | (pixels[at + 2] & 255);
  }

  /** Every pixel repeated {@code factor} times in both directions, to look at small pictures. */
  public RgbImage enlarged(int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("enlargement factor " + factor + " is not at least 1");
    }
    int row = width * factor;
    byte[] enlarged = new byte[Math.multiplyExact(3 * row, height * factor)];
    for (int y = 0; y < height; y++) {
      int first = 3 * row * y * factor;
      for (int x = 0; x < row; x++) {
        System.arraycopy(pixels, 3 * (y * width + x / factor), enlarged, first + 3 * x, 3);
      }
      for (int copy = 1; copy < factor; copy++) {
        System.arraycopy(enlarged, first, enlarged, first + 3 * row * copy, 3 * row);
      }
    }
    return new RgbImage(row, height * factor, enlarged);
  }
}
