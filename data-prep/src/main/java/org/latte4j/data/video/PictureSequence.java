package org.latte4j.data.video;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.latte4j.data.video.VideoDecodeException.Reason;

/**
 * A folder of pictures read as a video, one picture a frame, without a frame rate. A picture that
 * cannot be decoded ends it: which frames belong together is lost.
 *
 * <p>Not thread-safe.
 */
public final class PictureSequence implements FrameStream {
  private final List<Picture> pictures;
  private final DecodeLimits limits;
  private int next;
  private int damaged;

  /** One picture's file. */
  public interface Picture {
    /** What messages call it. */
    String name();

    /** Opens it; the decoder closes it. */
    MediaInput open() throws IOException;
  }

  /** The pictures in the order of the frames. */
  public PictureSequence(List<Picture> pictures, DecodeLimits limits) {
    this.pictures = List.copyOf(pictures);
    this.limits = limits;
  }

  /** A part of them; for {@link FrameRange#WHOLE} all. */
  public PictureSequence range(FrameRange range) {
    return range.whole()
        ? this
        : new PictureSequence(pictures.subList(range.firstFrame(), range.end()), limits);
  }

  @Override
  public double framesPerSecond() {
    return 0;
  }

  @Override
  public Optional<VideoFrame> next(Function<PixelRows, RgbImage> view) throws VideoDecodeException {
    if (next == pictures.size()) {
      return Optional.empty();
    }
    limits.checkFrames("the folder", next + 1);
    Picture picture = pictures.get(next);
    try (VideoDecoder decoder = VideoDecoder.open(open(picture), limits)) {
      RgbImage image =
          decoder
              .next(view)
              .orElseThrow(
                  () ->
                      new VideoDecodeException(
                          Reason.NO_FRAMES, picture.name() + ": holds no picture"))
              .image();
      damaged += decoder.damaged();
      return Optional.of(new VideoFrame(next++, Duration.ZERO, image));
    }
  }

  private static MediaInput open(Picture picture) throws VideoDecodeException {
    try {
      return picture.open();
    } catch (IOException e) {
      throw new VideoDecodeException(
          Reason.UNREADABLE, picture.name() + ": cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public int decoded() {
    return next;
  }

  @Override
  public int damaged() {
    return damaged;
  }

  @Override
  public void close() {
    next = pictures.size();
  }
}
