package org.latte4j.data.transform;

import java.util.function.Function;
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
  public Function<PixelRows, RgbImage> forFrames() {
    ResizedFrames squares =
        new ResizedFrames(
            (edge, same) -> {
              TriangleWeights weights = TriangleWeights.of(edge, size, 0, size);
              return new AntialiasedBilinear(weights, weights);
            });
    return frame -> squares.apply(square(frame));
  }

  private static PixelRows square(PixelRows frame) {
    int edge = Math.min(frame.width(), frame.height());
    return new Square(
        frame, Square.margin(frame.width(), edge), Square.margin(frame.height(), edge), edge);
  }
}
