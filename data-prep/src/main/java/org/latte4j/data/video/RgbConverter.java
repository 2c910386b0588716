package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_ALPHA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GBRP;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_clone;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/**
 * Converts frames of any pixel format to 8-bit RGB of the same size with swscale. Colour matrix and
 * range are the frame's own (ITU-R BT.601 where it names none, FFmpeg's rule); alpha is dropped.
 * The flags ask for arithmetic that does not depend on the processor.
 *
 * <p>YUV becomes three planes: swscale has vector code for that, and only scalar code for
 * interleaved RGB. The levels are the same.
 */
final class RgbConverter implements AutoCloseable {
  /** More than swscale's filters reach to each side to interpolate chroma: 2 samples, 4 pixels. */
  private static final int MARGIN = 8;

  /** In pixels, so that vector loads stay aligned, those of halved chroma too. */
  private static final int ALIGNMENT = 64;

  private final SwsContext context = sws_alloc_context();
  private final AVFrame target = av_frame_alloc();

  RgbConverter() {
    context.flags(SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT);
    context.threads(1);
  }

  /**
   * The frame's pixels, valid until the next frame is converted or this one is gone. They are
   * converted when the first row is read, and only the columns that are read: of a wide video that
   * is cut to a square, about half.
   *
   * @throws ConversionException also when a row is read, with FFmpeg's error if it cannot convert
   */
  PixelRows convert(AVFrame frame) {
    return new ConvertedRows(frame);
  }

  /** All columns in a given format: RGB24 or GBRP. */
  PixelRows convert(AVFrame frame, int format) {
    prepareTarget(frame.width(), frame.height(), format);
    check(sws_scale_frame(context, target, frame));
    return format == AV_PIX_FMT_GBRP ? new Planes(target) : new Interleaved(target);
  }

  /** A part of a frame, as wide as it is asked for. */
  private final class ConvertedRows implements PixelRows {
    private final AVFrame frame;
    private final int width;
    private final int height;
    private Optional<PixelRows> converted = Optional.empty();
    private int first;

    ConvertedRows(AVFrame frame) {
      this.frame = frame;
      this.width = frame.width();
      this.height = frame.height();
    }

    @Override
    public int width() {
      return width;
    }

    @Override
    public int height() {
      return height;
    }

    @Override
    public void row(int y, int from, int count, byte[][] rgb, int offset) {
      Objects.checkFromIndexSize(from, count, width);
      boolean there =
          converted
              .filter(part -> from >= first && from + count <= first + part.width())
              .isPresent();
      if (!there) {
        convertColumns(from, count);
      }
      converted.orElseThrow().row(y, from - first, count, rgb, offset);
    }

    private void convertColumns(int from, int count) {
      boolean again = converted.isPresent();
      int format = frame.format();
      int left = Math.max(0, from - MARGIN) / ALIGNMENT * ALIGNMENT;
      int end = Math.min(width, (from + count + MARGIN + 1) / 2 * 2);
      if (again || !yuv(format) || !evenColumns(format, width) || end - left > width * 9 / 10) {
        first = 0;
        converted = Optional.of(convert(frame, yuv(format) ? AV_PIX_FMT_GBRP : AV_PIX_FMT_RGB24));
        return;
      }
      AVFrame part = av_frame_clone(frame);
      try {
        part.crop_left(left);
        part.crop_right((long) width - end);
        check(av_frame_apply_cropping(part, AV_FRAME_CROP_UNALIGNED));
        first = left;
        converted = Optional.of(convert(part, AV_PIX_FMT_GBRP));
      } finally {
        av_frame_free(part);
      }
    }
  }

  /** Whether every column has the same place among the chroma samples in every even part. */
  private static boolean evenColumns(int format, int width) {
    return width % 2 == 0 && av_pix_fmt_desc_get(format).log2_chroma_w() <= 1;
  }

  private static boolean yuv(int format) {
    AVPixFmtDescriptor description = av_pix_fmt_desc_get(format);
    long others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_ALPHA;
    return description != null
        && !description.isNull()
        && description.nb_components() == 3
        && (description.flags() & others) == 0;
  }

  /** Frames of a video have one size and format, nearly always: their memory is used again. */
  private void prepareTarget(int width, int height, int format) {
    if (target.width() == width && target.height() == height && target.format() == format) {
      return;
    }
    av_frame_unref(target);
    target.format(format);
    target.width(width);
    target.height(height);
    check(av_frame_get_buffer(target, 0));
  }

  private static void check(int result) {
    if (result < 0) {
      throw new ConversionException(FfmpegLog.explain(result));
    }
  }

  @Override
  public void close() {
    sws_free_context(context);
    av_frame_free(target);
  }

  private static ByteBuffer plane(AVFrame frame, int index) {
    long bytes = (long) frame.linesize(index) * frame.height();
    return new BytePointer(frame.data(index)).capacity(bytes).asByteBuffer();
  }

  /** Three planes in the order green, blue, red. */
  private record Planes(
      int width, int height, int stride, ByteBuffer green, ByteBuffer blue, ByteBuffer red)
      implements PixelRows {
    Planes(AVFrame frame) {
      this(
          frame.width(),
          frame.height(),
          frame.linesize(0),
          plane(frame, 0),
          plane(frame, 1),
          plane(frame, 2));
    }

    @Override
    public void row(int y, int from, int count, byte[][] rgb, int offset) {
      Objects.checkFromIndexSize(from, count, width);
      int at = y * stride + from;
      red.get(at, rgb[0], offset, count);
      green.get(at, rgb[1], offset, count);
      blue.get(at, rgb[2], offset, count);
    }
  }

  /** Red, green, blue, pixel by pixel. */
  private record Interleaved(int width, int height, int stride, ByteBuffer pixels)
      implements PixelRows {
    Interleaved(AVFrame frame) {
      this(frame.width(), frame.height(), frame.linesize(0), plane(frame, 0));
    }

    @Override
    public void row(int y, int from, int count, byte[][] rgb, int offset) {
      Objects.checkFromIndexSize(from, count, width);
      byte[] row = new byte[3 * count];
      pixels.get(y * stride + 3 * from, row, 0, row.length);
      for (int x = 0; x < count; x++) {
        rgb[0][offset + x] = row[3 * x];
        rgb[1][offset + x] = row[3 * x + 1];
        rgb[2][offset + x] = row[3 * x + 2];
      }
    }
  }

  /** A pixel format that swscale does not read. */
  static final class ConversionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConversionException(String message) {
      super(message);
    }
  }
}
