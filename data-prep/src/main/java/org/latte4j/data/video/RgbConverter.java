package org.latte4j.data.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/**
 * Converts frames of any pixel format to 8-bit RGB of the same size with swscale. Colour matrix and
 * range are the frame's own (ITU-R BT.601 where it names none, FFmpeg's rule); alpha is dropped.
 * The flags ask for arithmetic that does not depend on the processor.
 */
final class RgbConverter implements AutoCloseable {
  private final SwsContext context = sws_alloc_context();
  private final AVFrame target = av_frame_alloc();

  RgbConverter() {
    context.flags(SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_BITEXACT);
    context.threads(1);
  }

  /** The converted frame, or FFmpeg's error if it cannot convert. */
  RgbImage convert(AVFrame frame) throws ConversionException {
    int width = frame.width();
    int height = frame.height();
    target.format(AV_PIX_FMT_RGB24);
    target.width(width);
    target.height(height);
    int result = sws_scale_frame(context, target, frame);
    if (result < 0) {
      throw new ConversionException(FfmpegLog.explain(result));
    }
    byte[] pixels = new byte[3 * width * height];
    BytePointer data = target.data(0);
    int stride = target.linesize(0);
    for (int y = 0; y < height; y++) {
      data.position((long) y * stride).get(pixels, 3 * width * y, 3 * width);
    }
    av_frame_unref(target);
    return new RgbImage(width, height, pixels);
  }

  @Override
  public void close() {
    sws_free_context(context);
    av_frame_free(target);
  }

  /** A pixel format that swscale does not read. */
  static final class ConversionException extends Exception {
    private static final long serialVersionUID = 1L;

    ConversionException(String message) {
      super(message);
    }
  }
}
