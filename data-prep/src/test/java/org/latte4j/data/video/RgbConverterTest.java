package org.latte4j.data.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GBRP;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

class RgbConverterTest {
  /** Which also shows that a target whose memory is used again holds nothing of before. */
  @ParameterizedTest
  @CsvSource({
    "yuv420p, 128, 96",
    "yuv420p, 640, 36",
    "yuv420p10le, 320, 30",
    "yuv444p, 321, 16",
    "yuv420p, 35, 21",
    "yuvj420p, 64, 48",
    "yuvj420p, 37, 23",
    "yuv422p, 50, 30",
    "yuv444p, 33, 17",
    "yuv411p, 40, 22",
    "yuv410p, 44, 28",
    "nv12, 46, 26",
    "yuyv422, 46, 26",
    "yuv420p10le, 42, 30",
    "yuv422p12le, 42, 30",
  })
  void planesHoldTheLevelsOfInterleavedPixels(String format, int width, int height) {
    RandomStream random = RandomStream.of(7, Purpose.BENCHMARK, width);
    try (RgbConverter planar = new RgbConverter();
        RgbConverter interleaved = new RgbConverter()) {
      for (int matrix : new int[] {AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_BT709}) {
        AVFrame frame = noise(format, width, height, random);
        frame.colorspace(matrix);
        frame.color_range(format.startsWith("yuvj") ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
        RgbImage expected = RgbImage.copyOf(interleaved.convert(frame, AV_PIX_FMT_RGB24));
        assertThat(expected.pixels()).contains((byte) 0, (byte) 255);
        assertThat(RgbImage.copyOf(planar.convert(frame, AV_PIX_FMT_GBRP)).pixels())
            .isEqualTo(expected.pixels());
        assertThat(RgbImage.copyOf(planar.convert(frame)).pixels()).isEqualTo(expected.pixels());
        assertColumns(planar.convert(frame), expected);
        av_frame_free(frame);
      }
    }
  }

  /** Those in the middle alone, then all of them. */
  private static void assertColumns(PixelRows rows, RgbImage expected) {
    int width = expected.width();
    for (int from : new int[] {width / 3, 0}) {
      int count = width - 2 * from;
      byte[][] found = new byte[3][count];
      byte[][] wanted = new byte[3][count];
      for (int y = 0; y < expected.height(); y++) {
        rows.row(y, from, count, found, 0);
        expected.row(y, from, count, wanted, 0);
        assertThat(found).as("row %d from column %d", y, from).isDeepEqualTo(wanted);
      }
    }
  }

  private static AVFrame noise(String format, int width, int height, RandomStream random) {
    AVFrame frame = av_frame_alloc();
    frame.format(av_get_pix_fmt(format));
    frame.width(width);
    frame.height(height);
    assertThat(av_frame_get_buffer(frame, 0)).isZero();
    boolean wide = format.endsWith("le");
    int mask = format.contains("10") ? 3 : 15;
    for (int plane = 0; plane < 3 && frame.data(plane) != null; plane++) {
      BytePointer data = frame.data(plane);
      int bytes = frame.linesize(plane) * rows(format, plane, height);
      for (int i = 0; i < bytes; i++) {
        data.put(i, (byte) (wide && i % 2 == 1 ? random.nextInt() & mask : random.nextInt()));
      }
    }
    return frame;
  }

  private static int rows(String format, int plane, int height) {
    if (plane == 0) {
      return height;
    }
    boolean halved = format.contains("420") || format.equals("nv12");
    return format.contains("410") ? (height + 3) / 4 : halved ? (height + 1) / 2 : height;
  }
}
