package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.avformat.AVFormatContext.AVFMT_FLAG_CUSTOM_IO;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entries_count;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entry;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.PointerPointer;
import org.latte4j.data.video.VideoDecodeException.Reason;

/** An opened container and its best video stream: FFmpeg's demuxer over a {@link MediaInput}. */
final class Container implements AutoCloseable {
  private final MediaInput input;
  private final InputBridge bridge;
  private final AVFormatContext context;
  private final AVStream stream;

  private Container(MediaInput input, InputBridge bridge, AVFormatContext context)
      throws VideoDecodeException {
    this.input = input;
    this.bridge = bridge;
    this.context = context;
    stream = chooseStream();
  }

  /** Takes over the input, and closes it also on failure. */
  static Container open(MediaInput input) throws VideoDecodeException {
    if (input.size() == 0) {
      closeInput(input);
      throw new VideoDecodeException(
          Reason.EMPTY, input.name() + ": the file is empty (0 bytes); copy or download it again");
    }
    InputBridge bridge = new InputBridge(input);
    AVFormatContext context = avformat_alloc_context();
    try {
      context.pb(bridge.context());
      context.flags(context.flags() | AVFMT_FLAG_CUSTOM_IO);
      readHeader(input, bridge, context);
      return new Container(input, bridge, context);
    } catch (VideoDecodeException | RuntimeException | Error e) {
      avformat_close_input(context);
      bridge.close();
      closeInput(input);
      throw e;
    }
  }

  private static void readHeader(MediaInput input, InputBridge bridge, AVFormatContext context)
      throws VideoDecodeException {
    AVDictionary options = new AVDictionary(null);
    // Playlists and the like may name other files: no protocol is allowed to fetch them.
    av_dict_set(options, "protocol_whitelist", "none", 0);
    int result = avformat_open_input(context, (String) null, (AVInputFormat) null, options);
    av_dict_free(options);
    if (result >= 0) {
      result = avformat_find_stream_info(context, (PointerPointer<?>) null);
    }
    if (result >= 0) {
      return;
    }
    String said = FfmpegLog.explain(result);
    Throwable failure = bridge.failure().orElse(null);
    if (failure != null) {
      throw new VideoDecodeException(
          Reason.UNREADABLE, input.name() + ": reading failed: " + failure, failure);
    }
    // MP4 files get their index when they are finished: one without it was not.
    if (said.contains("moov atom not found")) {
      throw new VideoDecodeException(
          Reason.TRUNCATED,
          input.name()
              + ": its index is missing (moov atom not found): the recording or the copy"
              + " was broken off; copy or download it again");
    }
    throw new VideoDecodeException(
        Reason.NOT_A_VIDEO,
        "%s: not a video that FFmpeg can read (%d bytes; %s)"
            .formatted(input.name(), input.size(), said));
  }

  private AVStream chooseStream() throws VideoDecodeException {
    int best =
        av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
    if (best < 0 || (context.streams(best).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0) {
      throw failure(
          Reason.NO_VIDEO_STREAM,
          "the file holds no video stream, only sound, subtitles or a cover picture ("
              + context.iformat().name().getString()
              + ", streams: "
              + context.nb_streams()
              + ")");
    }
    for (int i = 0; i < context.nb_streams(); i++) {
      if (i != best) {
        context.streams(i).discard(AVDISCARD_ALL);
      }
    }
    return context.streams(best);
  }

  String name() {
    return input.name();
  }

  /** As the header says; zero if it does not. */
  Duration duration() {
    long microseconds = context.duration();
    return Duration.of(Math.max(0, microseconds), ChronoUnit.MICROS);
  }

  /** Moves to the key frame at or before a time, in ticks of the video stream. */
  void seek(long ticks) throws VideoDecodeException {
    int result = av_seek_frame(context, stream.index(), ticks, AVSEEK_FLAG_BACKWARD);
    if (result < 0) {
      throw failure(Reason.CORRUPT, "seeking failed; " + FfmpegLog.explain(result));
    }
  }

  AVFormatContext context() {
    return context;
  }

  AVStream stream() {
    return stream;
  }

  VideoInfo info(String codec) {
    AVRational rate = stream.avg_frame_rate();
    return new VideoInfo(
        context.iformat().name().getString(),
        codec,
        stream.codecpar().width(),
        stream.codecpar().height(),
        rate.den() == 0 ? 0 : (double) rate.num() / rate.den(),
        stream.nb_frames() > 0 ? OptionalLong.of(stream.nb_frames()) : OptionalLong.empty());
  }

  /** Whether the index points past the end of the file. */
  boolean indexPassesEnd() {
    long end = 0;
    int entries = avformat_index_get_entries_count(stream);
    for (int i = 0; i < entries; i++) {
      AVIndexEntry entry = avformat_index_get_entry(stream, i);
      end = Math.max(end, entry.pos() + Math.max(0, entry.size()));
    }
    return end > input.size();
  }

  Optional<Throwable> readFailure() {
    return bridge.failure();
  }

  VideoDecodeException failure(Reason reason, String message) {
    return new VideoDecodeException(reason, input.name() + ": " + message);
  }

  VideoDecodeException failure(Reason reason, String message, Throwable cause) {
    return new VideoDecodeException(reason, input.name() + ": " + message, cause);
  }

  @Override
  public void close() {
    avformat_close_input(context);
    bridge.close();
    closeInput(input);
  }

  private static void closeInput(MediaInput input) {
    try {
      input.close();
    } catch (IOException e) {
      throw new UncheckedIOException(input.name() + ": closing failed", e);
    }
  }
}
