package org.latte4j.data.transform;

import java.io.Serializable;
import java.util.function.Function;
import org.latte4j.data.video.PixelRows;
import org.latte4j.data.video.RgbImage;

/**
 * Brings frames of any size to the square that the autoencoder encodes. Immutable, and so for any
 * number of threads.
 *
 * <p>Resizing is bilinear with antialiasing, bit for bit as Pillow does it. The paper's code crops
 * by the same rules, but resizes without antialiasing ({@code torch.nn.functional.interpolate}),
 * which aliases at strong reductions; pixels differ by that.
 */
public sealed interface FrameTransform extends Serializable
    permits ShortEdgeCentreCrop, CentreCropResize {
  /** S: width and height of the result in pixels. */
  int size();

  /** The setting's value that stands for it, as {@link #named} takes it. */
  String name();

  /** The frame as an image of S x S. */
  default RgbImage apply(PixelRows frame) {
    return forFrames().apply(frame);
  }

  /**
   * As {@link #apply}, for many frames: in memory that is used again. For one thread; the images
   * are the caller's.
   */
  Function<PixelRows, RgbImage> forFrames();

  /**
   * The transform of a setting.
   *
   * @param name {@code resize-crop} or {@code crop-resize}
   * @param size S in pixels, at least 1
   * @throws IllegalArgumentException for another name or size
   */
  static FrameTransform named(String name, int size) {
    return switch (name) {
      case ShortEdgeCentreCrop.NAME -> new ShortEdgeCentreCrop(size);
      case CentreCropResize.NAME -> new CentreCropResize(size);
      default ->
          throw new IllegalArgumentException(
              "no frame transform \"%s\"; there are %s and %s"
                  .formatted(name, ShortEdgeCentreCrop.NAME, CentreCropResize.NAME));
    };
  }
}
