package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FFmpeg's messages: kept off the console, sent to the log at debug level, and the last few of each
 * thread remembered, because they say why a call failed where its return code only says that it
 * did.
 */
final class FfmpegLog {
  private static final Logger LOG = LoggerFactory.getLogger(FfmpegLog.class);
  private static final int REMEMBERED = 3;
  private static final ThreadLocal<Deque<String>> RECENT = ThreadLocal.withInitial(ArrayDeque::new);

  /** Native code calls it: it must stay reachable. */
  private static final LogCallback CALLBACK =
      new LogCallback() {
        @Override
        public void call(int level, BytePointer message) {
          if (level <= AV_LOG_ERROR) {
            remember(message.getString(StandardCharsets.UTF_8).strip());
          }
        }
      };

  static {
    av_log_set_level(AV_LOG_ERROR);
    setLogCallback(CALLBACK);
  }

  private FfmpegLog() {}

  /** Forgets what this thread heard before; the first call takes over FFmpeg's log. */
  static void startListening() {
    RECENT.get().clear();
  }

  /** The error's text and what FFmpeg said last on this thread. */
  static String explain(int error) {
    byte[] buffer = new byte[256];
    av_strerror(error, buffer, buffer.length);
    int end = 0;
    while (end < buffer.length && buffer[end] != 0) {
      end++;
    }
    String text = new String(buffer, 0, end, StandardCharsets.UTF_8);
    String said = recent();
    return said.isEmpty() ? "FFmpeg: " + text : "FFmpeg: " + text + "; " + said;
  }

  /** What FFmpeg said last on this thread, oldest first; empty if it said nothing. */
  static String recent() {
    return String.join("; ", RECENT.get());
  }

  private static void remember(String message) {
    if (message.isEmpty()) {
      return;
    }
    LOG.debug("{}", message);
    Deque<String> recent = RECENT.get();
    if (recent.size() == REMEMBERED) {
      recent.removeFirst();
    }
    recent.addLast(message);
  }
}
