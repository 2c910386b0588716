package org.latte4j.data.video;

import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.javacpp.IntPointer;

/**
 * How a frame must be turned or mirrored to stand upright: a display matrix whose entries are -1, 0
 * and 1. The coded pixel (x, y) is shown at (xx x + yx y, xy x + yy y), moved so that the picture
 * starts at 0.
 */
record Orientation(int xx, int xy, int yx, int yy) {
  static final Orientation UPRIGHT = new Orientation(1, 0, 0, 1);

  /** Entries of a display matrix this small beside the largest are noise. */
  private static final double NEGLIGIBLE = 0.02;

  /**
   * From FFmpeg's display matrix of 16.16 fixed-point numbers. Angles other than quarter turns,
   * which cameras do not write, leave the frame as it is.
   */
  static Orientation of(AVFrameSideData displayMatrix) {
    IntPointer matrix = new IntPointer(displayMatrix.data());
    return of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
  }

  static Orientation of(int xx, int xy, int yx, int yy) {
    double largest =
        Math.max(
            Math.max(Math.abs((double) xx), Math.abs((double) xy)),
            Math.max(Math.abs((double) yx), Math.abs((double) yy)));
    Orientation orientation =
        new Orientation(sign(xx, largest), sign(xy, largest), sign(yx, largest), sign(yy, largest));
    boolean straight =
        Math.abs(orientation.xx) + Math.abs(orientation.xy) == 1
            && Math.abs(orientation.yx) + Math.abs(orientation.yy) == 1
            && Math.abs(orientation.xx) == Math.abs(orientation.yy);
    return straight ? orientation : UPRIGHT;
  }

  private static int sign(int entry, double largest) {
    return Math.abs((double) entry) < NEGLIGIBLE * largest ? 0 : Integer.signum(entry);
  }

  RgbImage apply(RgbImage coded) {
    if (equals(UPRIGHT)) {
      return coded;
    }
    int width = coded.width();
    int height = coded.height();
    int shownWidth = xx != 0 ? width : height;
    int shownHeight = xx != 0 ? height : width;
    int left = xx + yx < 0 ? shownWidth - 1 : 0;
    int top = xy + yy < 0 ? shownHeight - 1 : 0;
    byte[] from = coded.pixels();
    byte[] shown = new byte[from.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = left + xx * x + yx * y;
        int row = top + xy * x + yy * y;
        System.arraycopy(from, 3 * (y * width + x), shown, 3 * (row * shownWidth + column), 3);
      }
    }
    return new RgbImage(shownWidth, shownHeight, shown);
  }
}
