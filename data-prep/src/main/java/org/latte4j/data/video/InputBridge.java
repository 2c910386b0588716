package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EINVAL;
import static org.bytedeco.ffmpeg.presets.avutil.AVERROR_EIO;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Lets FFmpeg read a {@link MediaInput}. FFmpeg itself then opens nothing: a hostile playlist
 * cannot make it fetch other files or addresses.
 *
 * <p>JavaCPP compiles a fixed, small number of native entry points for callbacks, so all inputs
 * share one pair of them and are told apart by the number that FFmpeg hands back.
 */
final class InputBridge implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;

  private static final Map<Long, InputBridge> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong NUMBERS = new AtomicLong();

  private static final Read_packet_Pointer_BytePointer_int READ =
      new Read_packet_Pointer_BytePointer_int() {
        @Override
        public int call(Pointer number, BytePointer target, int length) {
          return OPEN.get(number.address()).read(target, length);
        }
      };

  private static final Seek_Pointer_long_int SEEK =
      new Seek_Pointer_long_int() {
        @Override
        public long call(Pointer number, long offset, int whence) {
          return OPEN.get(number.address()).seek(offset, whence);
        }
      };

  private final MediaInput input;
  private final long number = NUMBERS.incrementAndGet();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final AVIOContext context;
  private long position;
  private Throwable failure;

  InputBridge(MediaInput input) {
    this.input = input;
    BytePointer nativeBuffer = new BytePointer(av_malloc(BUFFER_BYTES));
    context =
        avio_alloc_context(nativeBuffer, BUFFER_BYTES, 0, new Number(number), READ, null, SEEK);
    OPEN.put(number, this);
  }

  AVIOContext context() {
    return context;
  }

  /** What {@link MediaInput#read} threw, if it did. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** After the format context that reads from it; does not close the input. */
  @Override
  public void close() {
    OPEN.remove(number);
    av_free(context.buffer());
    avio_context_free(context);
  }

  // Nothing may be thrown through native frames: what goes wrong is kept for the decoder to throw.
  private int read(BytePointer target, int length) {
    try {
      int count = input.read(position, buffer, 0, Math.min(length, buffer.length));
      if (count < 0) {
        return AVERROR_EOF();
      }
      target.put(buffer, 0, count);
      position += count;
      return count;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      return AVERROR_EIO();
    }
  }

  private long seek(long offset, int whence) {
    int from = whence & ~AVSEEK_FORCE;
    if (from == AVSEEK_SIZE) {
      return input.size();
    }
    long target =
        switch (from) {
          case SEEK_SET -> offset;
          case SEEK_CUR -> position + offset;
          case SEEK_END -> input.size() + offset;
          default -> -1;
        };
    if (target < 0) {
      return AVERROR_EINVAL();
    }
    position = target;
    return target;
  }

  /** A pointer that is only a number. */
  private static final class Number extends Pointer {
    Number(long number) {
      address = number;
    }
  }
}
