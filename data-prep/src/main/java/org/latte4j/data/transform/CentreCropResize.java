package org.latte4j.data.transform;

import org.latte4j.data.video.PixelRows;
import org.latte4j.data.video.RgbImage;

/**
 * Cuts the largest square in the middle and resizes it to S: the paper's transform for SkyTimelapse
 * ({@code CenterCropResizeVideo}).
 *
 * @param size S in pixels
 */
public record CentreCropResize(int size) implements FrameTransform {
  static final String NAME = "crop-resize";

  /** Checks the size. */
  public CentreCropResize {
    Square.checkSize(size);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RgbImage apply(PixelRows frame) {
    int edge = Math.min(frame.width(), frame.height());
    PixelRows square =
        new Square(
            frame, Square.margin(frame.width(), edge), Square.margin(frame.height(), edge), edge);
    return new AntialiasedBilinear(square, size, size).window(0, 0, size, size);
  }
}
