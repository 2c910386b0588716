package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.latte4j.data.video.VideoDecodeException.Reason;

/**
 * Reads the frames of a video from the first to the last with FFmpeg: one frame is held at a time,
 * whatever the length. The best video stream is decoded, sound is skipped, frames are turned
 * upright as the display matrix asks, pixel formats are converted to RGB; pixels that are not
 * square are left as they are, as in the paper's code.
 *
 * <p>One thread does the work, and processor-independent arithmetic is asked for: the same file
 * gives the same pixels on every machine. Packets that cannot be decoded are skipped and counted
 * ({@link #damaged()}), as players do; a file that ends early is reported after its last whole
 * frame. (Not seen: a GIF or MPEG stream cut short, which carry no index and no lengths.)
 *
 * <p>Not thread-safe. Closing frees the native memory and closes the input.
 */
public final class VideoDecoder implements FrameStream {
  private static final long MICROSECONDS = 1_000_000;

  private final Container container;
  private final PacketDecoder decoder;
  private final AVFrame frame = av_frame_alloc();
  private final RgbConverter converter = new RgbConverter();
  private final VideoInfo info;
  private final DecodeLimits limits;
  private final FrameRange range;

  private int decoded;
  private boolean finished;
  private boolean closed;

  private VideoDecoder(
      Container container, PacketDecoder decoder, DecodeLimits limits, FrameRange range) {
    this.range = range;
    this.container = container;
    this.decoder = decoder;
    this.limits = limits;
    info = container.info(decoder.codecName());
  }

  /** Opens a local file; see {@link #open(MediaInput)}. */
  public static VideoDecoder open(Path file) throws VideoDecodeException {
    MediaInput input;
    try {
      input = MediaInput.of(file);
    } catch (IOException e) {
      throw new VideoDecodeException(
          Reason.UNREADABLE, file + ": cannot be opened for reading: " + e, e);
    }
    return open(input);
  }

  /**
   * Opens an input with {@link DecodeLimits#GENEROUS}; see {@link #open(MediaInput, DecodeLimits)}.
   */
  public static VideoDecoder open(MediaInput input) throws VideoDecodeException {
    return open(input, DecodeLimits.GENEROUS);
  }

  /**
   * Reads the header and opens the decoder. Takes over the input, and closes it also on failure.
   *
   * @throws VideoDecodeException if this is no video that can be decoded, or beyond the limits
   */
  public static VideoDecoder open(MediaInput input, DecodeLimits limits)
      throws VideoDecodeException {
    FfmpegLog.startListening();
    Container container = Container.open(input);
    try {
      return new VideoDecoder(
          container, PacketDecoder.open(container, limits), limits, FrameRange.WHOLE);
    } catch (VideoDecodeException | RuntimeException | Error e) {
      container.close();
      throw e;
    }
  }

  /**
   * As above, for a part of the video: decoding begins at the range's key frame, and frames before
   * its first are passed over.
   *
   * @throws VideoDecodeException also from {@link #next()}, if the range's frames are not found as
   *     it says
   */
  public static VideoDecoder open(MediaInput input, DecodeLimits limits, FrameRange range)
      throws VideoDecodeException {
    if (range.whole()) {
      return open(input, limits);
    }
    FfmpegLog.startListening();
    Container container = Container.open(input);
    try {
      container.seek(range.seekTo());
      return new VideoDecoder(container, PacketDecoder.open(container, limits), limits, range);
    } catch (VideoDecodeException | RuntimeException | Error e) {
      container.close();
      throw e;
    }
  }

  /** What the header says. */
  public VideoInfo info() {
    return info;
  }

  @Override
  public double framesPerSecond() {
    return info.framesPerSecond();
  }

  @Override
  public int decoded() {
    return decoded;
  }

  @Override
  public int damaged() {
    return decoder.damaged();
  }

  @Override
  public Optional<VideoFrame> next(Function<PixelRows, RgbImage> view) throws VideoDecodeException {
    while (!finished) {
      if (!decoder.receive(frame)) {
        finished = true;
        checkEnd();
        if (!range.whole()) {
          throw outOfRange();
        }
      } else if (beforeRange()) {
        av_frame_unref(frame);
      } else {
        return Optional.of(take(view));
      }
    }
    return Optional.empty();
  }

  /** What was damaged before the range belongs to another. */
  private boolean beforeRange() {
    if (range.whole() || frame.best_effort_timestamp() >= range.firstTimestamp()) {
      return false;
    }
    decoder.forgetDamage();
    return true;
  }

  private void checkRange(long ticks) throws VideoDecodeException {
    boolean first = decoded == 0;
    boolean last = decoded + 1 == range.frames();
    finished |= last;
    if ((first && ticks != range.firstTimestamp()) || (last && ticks != range.lastTimestamp())) {
      throw outOfRange();
    }
  }

  private VideoDecodeException outOfRange() {
    return container.failure(
        Reason.CORRUPT,
        "decoding from a key frame on did not give frames %d to %d as its packets promise"
            .formatted(range.firstFrame(), range.end() - 1));
  }

  private VideoFrame take(Function<PixelRows, RgbImage> view) throws VideoDecodeException {
    try {
      if (!range.whole()) {
        checkRange(frame.best_effort_timestamp());
      }
      limits.checkFrames(container.name(), decoded + 1);
      limits.checkPixels(container.name(), frame.width(), frame.height());
      Duration shown = timestamp();
      limits.checkDuration(container.name(), shown);
      if (frame.decode_error_flags() != 0) {
        decoder.countDamage();
      }
      AVFrameSideData matrix = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
      Orientation orientation =
          matrix == null || matrix.isNull() ? Orientation.UPRIGHT : Orientation.of(matrix);
      PixelRows pixels = converter.convert(frame);
      RgbImage image =
          view.apply(
              orientation.equals(Orientation.UPRIGHT)
                  ? pixels
                  : orientation.apply(RgbImage.copyOf(pixels)));
      return new VideoFrame(range.firstFrame() + decoded++, shown, image);
    } catch (RgbConverter.ConversionException e) {
      throw container.failure(
          Reason.UNSUPPORTED, "its pixel format cannot be converted to RGB; " + e.getMessage());
    } finally {
      av_frame_unref(frame);
    }
  }

  private Duration timestamp() {
    long ticks = frame.best_effort_timestamp();
    if (ticks == AV_NOPTS_VALUE) {
      double rate = info.framesPerSecond();
      return Duration.ofNanos(rate > 0 ? Math.round(1e9 * decoded / rate) : 0);
    }
    AVRational unit = container.stream().time_base();
    return Duration.ofNanos(
        Math.round(1000.0 * MICROSECONDS * ticks * unit.num() / Math.max(1, unit.den())));
  }

  private void checkEnd() throws VideoDecodeException {
    Optional<Throwable> failure = container.readFailure();
    if (failure.isPresent()) {
      throw container.failure(
          Reason.UNREADABLE,
          "reading failed after %d frames: %s".formatted(decoded, failure.get()),
          failure.get());
    }
    if (decoder.lastPacketCut() || container.indexPassesEnd()) {
      throw container.failure(
          Reason.TRUNCATED,
          "the file ends before its last frame, after %d frames; copy or download it again"
              .formatted(decoded));
    }
    if (decoder.readResult() != AVERROR_EOF()) {
      throw container.failure(
          Reason.CORRUPT,
          "damaged after %d frames; %s"
              .formatted(decoded, FfmpegLog.explain(decoder.readResult())));
    }
    if (decoded == 0) {
      throw container.failure(
          Reason.NO_FRAMES,
          "its %s stream holds no frame that can be decoded (%d packets failed)%s"
              .formatted(
                  info.codec(),
                  decoder.damaged(),
                  decoder.complaint().isEmpty() ? "" : "; FFmpeg: " + decoder.complaint()));
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    finished = true;
    converter.close();
    av_frame_free(frame);
    decoder.close();
    container.close();
  }
}
