package org.latte4j.data.video;

/** 8-bit RGB pixels that are read row by row, wherever and however they are kept. */
public interface PixelRows {
  /** W in pixels. */
  int width();

  /** H in pixels. */
  int height();

  /**
   * Copies a part of a row, one byte (an unsigned level) a pixel and channel.
   *
   * @param y of the row, from 0 at the top
   * @param from column of the first pixel
   * @param count of pixels
   * @param rgb arrays for red, green and blue
   * @param offset of the first pixel in them
   */
  void row(int y, int from, int count, byte[][] rgb, int offset);
}
