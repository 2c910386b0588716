package org.latte4j.data.transform;

import java.util.function.Function;
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
  public Function<PixelRows, RgbImage> forFrames() {
    return new ResizedFrames(this::resize);
  }

  private AntialiasedBilinear resize(int width, int height) {
    long shortEdge = Math.min(width, height);
    return new AntialiasedBilinear(weights(width, shortEdge), weights(height, shortEdge));
  }

  private TriangleWeights weights(int length, long shortEdge) {
    int resized = Math.toIntExact(length * (long) size / shortEdge);
    return TriangleWeights.of(length, resized, Square.margin(resized, size), size);
  }
}
