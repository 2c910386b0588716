package org.latte4j.data.video;

import java.io.Serializable;
import java.time.Duration;
import org.latte4j.data.video.VideoDecodeException.Reason;

/**
 * What a video may ask for: a file of a few kilobytes can claim any size and any length.
 *
 * @param pixels of a frame, width times height
 * @param frames of a video
 * @param duration of a video, by its header and by its frames' timestamps
 */
public record DecodeLimits(long pixels, int frames, Duration duration) implements Serializable {
  /** 64 Mi pixels, and any length. */
  public static final DecodeLimits GENEROUS =
      new DecodeLimits(1L << 26, Integer.MAX_VALUE, Duration.ofDays(365));

  /** Refuses values below one. */
  public DecodeLimits {
    if (pixels < 1 || frames < 1 || duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "limits must be positive, not %d pixels, %d frames and %s"
              .formatted(pixels, frames, duration));
    }
  }

  void checkPixels(String name, int width, int height) throws VideoDecodeException {
    if ((long) width * height > pixels) {
      throw new VideoDecodeException(
          Reason.TOO_LARGE,
          "%s: frames of %dx%d are %.1f million pixels, and at most %.1f are decoded (encode.max-pixels)"
              .formatted(name, width, height, 1e-6 * width * height, 1e-6 * pixels));
    }
  }

  void checkFrames(String name, int count) throws VideoDecodeException {
    if (count > frames) {
      throw new VideoDecodeException(
          Reason.TOO_LARGE, "%s: more than %d frames (encode.max-frames)".formatted(name, frames));
    }
  }

  void checkDuration(String name, Duration found) throws VideoDecodeException {
    if (found.compareTo(duration) > 0) {
      throw new VideoDecodeException(
          Reason.TOO_LARGE,
          "%s: lasts %s, and at most %s are decoded (encode.max-duration)"
              .formatted(name, text(found), text(duration)));
    }
  }

  private static String text(Duration duration) {
    return "%d:%02d:%02d"
        .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
  }
}
