package org.latte4j.data.transform;

import org.latte4j.data.video.RgbImage;

/** The square in the middle of a frame. */
final class Square {
  private Square() {}

  static void checkSize(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("frame size " + size + " is not at least 1");
    }
  }

  /** Half of what is left over; a half pixel goes to the even number, as Python rounds. */
  static int margin(int length, int edge) {
    return (int) Math.rint((length - edge) / 2.0);
  }

  static RgbImage cut(RgbImage image, int left, int top, int edge) {
    if (image.width() == edge && image.height() == edge) {
      return image;
    }
    byte[] pixels = new byte[3 * edge * edge];
    for (int y = 0; y < edge; y++) {
      int from = 3 * ((top + y) * image.width() + left);
      System.arraycopy(image.pixels(), from, pixels, 3 * edge * y, 3 * edge);
    }
    return new RgbImage(edge, edge, pixels);
  }
}
