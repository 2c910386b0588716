package org.latte4j.data.transform;

import org.latte4j.data.video.PixelRows;

/** A square part of an image, which is not copied. */
record Square(PixelRows image, int left, int top, int edge) implements PixelRows {
  static void checkSize(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("frame size " + size + " is not at least 1");
    }
  }

  /** Half of what is left over; a half pixel goes to the even number, as Python rounds. */
  static int margin(int length, int edge) {
    return (int) Math.rint((length - edge) / 2.0);
  }

  @Override
  public int width() {
    return edge;
  }

  @Override
  public int height() {
    return edge;
  }

  @Override
  public void row(int y, int from, int count, byte[][] rgb, int offset) {
    image.row(top + y, left + from, count, rgb, offset);
  }
}
