package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entries_count;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.latte4j.data.video.VideoDecodeException.Reason;

/**
 * When the frames of a video are shown, and which of them are key frames, as the packets say:
 * nothing is decoded. It is a plan, not a fact: whoever decodes by it checks that he finds the
 * frames.
 */
public final class KeyFrameIndex {
  private static final int FIRST_CAPACITY = 1 << 12;

  private final long[] timestamps;
  private final boolean[] keys;

  /**
   * An index.
   *
   * @param timestamps of the frames in ascending order, in ticks of the video stream
   * @param keys whether each is a key frame
   */
  public KeyFrameIndex(long[] timestamps, boolean[] keys) {
    this.timestamps = timestamps.clone();
    this.keys = keys.clone();
  }

  /**
   * Reads all packets of a video. Takes over the input, and closes it also on failure.
   *
   * @throws VideoDecodeException if this is no video, or its frames cannot be told apart by time,
   *     or it has no index to seek by
   */
  public static KeyFrameIndex read(MediaInput input, DecodeLimits limits)
      throws VideoDecodeException {
    FfmpegLog.startListening();
    try (Container container = Container.open(input)) {
      return read(container, limits);
    }
  }

  private static KeyFrameIndex read(Container container, DecodeLimits limits)
      throws VideoDecodeException {
    long[] times = new long[FIRST_CAPACITY];
    Set<Long> keyTimes = new HashSet<>();
    int count = 0;
    boolean cut = false;
    int result;
    AVPacket packet = av_packet_alloc();
    try {
      result = av_read_frame(container.context(), packet);
      while (result >= 0) {
        if (packet.stream_index() == container.stream().index()) {
          cut |= (packet.flags() & AV_PKT_FLAG_CORRUPT) != 0;
          limits.checkFrames(container.name(), count + 1);
          if (packet.pts() == AV_NOPTS_VALUE) {
            throw container.failure(Reason.UNSUPPORTED, "packets without a time");
          }
          if (count == times.length) {
            times = Arrays.copyOf(times, 2 * count);
          }
          times[count++] = packet.pts();
          if ((packet.flags() & AV_PKT_FLAG_KEY) != 0) {
            keyTimes.add(packet.pts());
          }
        }
        av_packet_unref(packet);
        result = av_read_frame(container.context(), packet);
      }
    } finally {
      av_packet_free(packet);
    }
    if (cut || result != AVERROR_EOF() || container.indexPassesEnd() || count == 0) {
      throw container.failure(Reason.CORRUPT, "cut short or damaged");
    }
    if (avformat_index_get_entries_count(container.stream()) == 0) {
      throw container.failure(Reason.UNSUPPORTED, "no index to seek by");
    }
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    boolean[] keys = new boolean[count];
    for (int i = 0; i < count; i++) {
      keys[i] = keyTimes.contains(sorted[i]);
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw container.failure(Reason.UNSUPPORTED, "two packets of the same time");
      }
    }
    return new KeyFrameIndex(sorted, keys);
  }

  /** Of a folder of pictures: each is a key frame. */
  public static KeyFrameIndex ofPictures(int count) {
    long[] timestamps = new long[count];
    boolean[] keys = new boolean[count];
    Arrays.setAll(timestamps, i -> i);
    Arrays.fill(keys, true);
    return new KeyFrameIndex(timestamps, keys);
  }

  /** How many frames. */
  public int frames() {
    return timestamps.length;
  }

  /** When a frame is shown, in ticks. */
  public long timestamp(int frame) {
    return timestamps[frame];
  }

  /** Whether a frame is a key frame. */
  public boolean keyFrame(int frame) {
    return keys[frame];
  }

  /**
   * A range of frames, decoded from the last but one key frame at or before its first frame; from
   * the video's first frame where there is none.
   */
  public FrameRange range(int first, int count) {
    int found = 0;
    int seek = 0;
    for (int frame = first; frame >= 0 && found < 2; frame--) {
      if (keys[frame]) {
        found++;
        seek = frame;
      }
    }
    long seekTo = found < 2 ? timestamps[0] : timestamps[seek];
    return new FrameRange(first, count, seekTo, timestamps[first], timestamps[first + count - 1]);
  }
}
