package org.latte4j.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.data.video.PixelRows;
import org.latte4j.data.video.RgbImage;

class FrameTransformTest {
  /** The expected pixels were computed with Pillow 9.4.0. */
  @ParameterizedTest
  @CsvSource({
    "resize-crop, 128, 96, 32",
    "resize-crop, 93, 141, 24",
    "resize-crop, 640, 361, 16",
    "resize-crop, 21, 20, 32",
    "resize-crop, 33, 47, 33",
    "crop-resize, 128, 96, 32",
    "crop-resize, 93, 141, 24",
    "crop-resize, 640, 361, 16",
    "crop-resize, 21, 20, 32",
    "crop-resize, 33, 47, 33",
  })
  void pixelsEqualPillowsBitForBit(String name, int width, int height, int size)
      throws IOException {
    RgbImage result = FrameTransform.named(name, size).apply(pattern(width, height));

    assertThat(result.width()).isEqualTo(size);
    assertThat(result.height()).isEqualTo(size);
    assertThat(result.pixels())
        .isEqualTo(resource("%s-%dx%d-%d.rgb".formatted(name, width, height, size)));
  }

  @Test
  void constantImageStaysConstant() {
    byte[] pixels = new byte[3 * 200 * 100];
    Arrays.fill(pixels, (byte) 200);

    RgbImage result = new ShortEdgeCentreCrop(32).apply(new RgbImage(200, 100, pixels));

    assertThat(result.pixels()).containsOnly((byte) 200);
  }

  /** Memory is used again: nothing of the frame before may be left in it. */
  @ParameterizedTest
  @CsvSource({"resize-crop", "crop-resize"})
  void framesOneAfterTheOtherEqualFramesByThemselves(String name) {
    FrameTransform transform = FrameTransform.named(name, 24);
    Function<PixelRows, RgbImage> frames = transform.forFrames();
    byte[] grey = new byte[3 * 301 * 211];
    Arrays.fill(grey, (byte) 99);
    for (RgbImage frame :
        List.of(
            new RgbImage(301, 211, grey),
            pattern(301, 211),
            pattern(211, 301),
            pattern(40, 33),
            pattern(301, 211))) {
      assertThat(frames.apply(frame).pixels()).isEqualTo(transform.apply(frame).pixels());
    }
  }

  @Test
  void otherNamesAreRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> FrameTransform.named("stretch", 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("stretch", "resize-crop", "crop-resize");
  }

  @Test
  void sizeZeroIsRefused() {
    assertThatThrownBy(() -> FrameTransform.named("crop-resize", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size 0");
  }

  private static RgbImage pattern(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          pixels[3 * (y * width + x) + c] = (byte) (x * 7 + y * 13 + c * 29 + (x * y) % 31 * 5);
        }
      }
    }
    return new RgbImage(width, height, pixels);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = FrameTransformTest.class.getResourceAsStream("/transform/" + name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    }
  }
}
