package org.latte4j.data.transform;

import org.latte4j.data.video.PixelRows;
import org.latte4j.data.video.RgbImage;

/**
 * Resizes the short edge to S, the long one in proportion (rounded down), and cuts the square in
 * the middle: the paper's transform for FaceForensics and UCF101 ({@code UCFCenterCropVideo}).
 *
 * @param size S in pixels
 */
public record ShortEdgeCentreCrop(int size) implements FrameTransform {
  static final String NAME = "resize-crop";

  /** Checks the size. */
  public ShortEdgeCentreCrop {
    Square.checkSize(size);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RgbImage apply(PixelRows frame) {
    long shortEdge = Math.min(frame.width(), frame.height());
    int width = Math.toIntExact(frame.width() * (long) size / shortEdge);
    int height = Math.toIntExact(frame.height() * (long) size / shortEdge);
    return new AntialiasedBilinear(frame, width, height)
        .window(Square.margin(width, size), Square.margin(height, size), size, size);
  }
}
