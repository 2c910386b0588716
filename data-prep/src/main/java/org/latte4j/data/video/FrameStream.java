package org.latte4j.data.video;

import java.util.Optional;
import java.util.function.Function;

/**
 * The frames of a video from the first to the last. One frame is held at a time, whatever the
 * length.
 *
 * <p>Not thread-safe. Closing frees what is held and closes the input.
 */
public interface FrameStream extends AutoCloseable {
  /** Average frame rate as the container says, 0 if unknown. */
  double framesPerSecond();

  /**
   * The next frame, or empty after the last.
   *
   * @throws VideoDecodeException if the input turns out to be cut or corrupt, after the frames that
   *     could be read; or if it holds no frame at all
   */
  default Optional<VideoFrame> next() throws VideoDecodeException {
    return next(RgbImage::copyOf);
  }

  /**
   * As {@link #next()}, with an image made from the decoder's own memory: nothing that is not
   * needed has to be copied.
   *
   * @param view makes the frame's image of its pixels, upright; these are valid only during the
   *     call
   */
  Optional<VideoFrame> next(Function<PixelRows, RgbImage> view) throws VideoDecodeException;

  /** How many frames {@link #next()} has returned. */
  int decoded();

  /** Packets skipped because they could not be decoded, and frames whose damage was concealed. */
  int damaged();

  @Override
  void close();
}
