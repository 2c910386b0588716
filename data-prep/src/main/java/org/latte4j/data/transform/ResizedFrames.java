package org.latte4j.data.transform;

import java.util.Optional;
import java.util.function.Function;
import org.latte4j.data.video.PixelRows;
import org.latte4j.data.video.RgbImage;

/**
 * Resizes frames one after the other. Frames of a video have one size, nearly always: what a resize
 * of that size needs is made once.
 *
 * <p>Not thread-safe.
 */
final class ResizedFrames implements Function<PixelRows, RgbImage> {
  private final Sizing sizing;
  private Optional<AntialiasedBilinear> last = Optional.empty();
  private int width;
  private int height;

  /** How images of a size are resized. */
  interface Sizing {
    /** The resize of images of this width and height in pixels. */
    AntialiasedBilinear of(int width, int height);
  }

  ResizedFrames(Sizing sizing) {
    this.sizing = sizing;
  }

  @Override
  public RgbImage apply(PixelRows frame) {
    boolean same = frame.width() == width && frame.height() == height;
    AntialiasedBilinear resize =
        last.filter(known -> same).orElseGet(() -> sizing.of(frame.width(), frame.height()));
    last = Optional.of(resize);
    width = frame.width();
    height = frame.height();
    return resize.resize(frame);
  }
}
