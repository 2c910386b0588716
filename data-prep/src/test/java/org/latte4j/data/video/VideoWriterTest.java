package org.latte4j.data.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VideoWriterTest {
  private static final Path COCKATOO =
      TestVideos.EXCERPTS.resolve("Cockatoo/v_Cockatoo_g01_c01.mp4");

  @TempDir Path folder;

  /** Bounds a little below what was measured: 41.8 and 40.1 dB. */
  @ParameterizedTest
  @CsvSource({"MP4, 41", "GIF, 39"})
  void writtenVideoDecodesToTheSamePictures(VideoFormat format, double decibels) throws Exception {
    List<RgbImage> images = TestVideos.images(COCKATOO).subList(0, 16);
    Path file = folder.resolve("out." + format.extension());

    VideoWriter.write(file, format, images, 8);

    List<RgbImage> decoded = TestVideos.images(file);
    assertThat(decoded).hasSize(16);
    assertThat(TestVideos.psnr(images, decoded)).isGreaterThan(decibels);
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void framesAreShownAtTheRateAskedFor(VideoFormat format) throws Exception {
    Path file = folder.resolve("out." + format.extension());

    VideoWriter.write(file, format, TestVideos.images(COCKATOO).subList(0, 9), 8);

    assertThat(TestVideos.frames(file).get(8).timestamp()).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @EnumSource(VideoFormat.class)
  void sameImagesGiveTheSameBytes(VideoFormat format) throws Exception {
    List<RgbImage> images = TestVideos.images(COCKATOO).subList(0, 8);
    Path once = folder.resolve("once");
    Path again = folder.resolve("again");

    VideoWriter.write(once, format, images, 8);
    VideoWriter.write(again, format, images, 8);

    assertThat(again).hasSameBinaryContentAs(once);
  }

  @Test
  void singleTinyImageIsAVideo() throws Exception {
    for (VideoFormat format : VideoFormat.values()) {
      Path file = folder.resolve("tiny." + format.extension());

      VideoWriter.write(file, format, List.of(new RgbImage(16, 16, new byte[768])), 8);

      assertThat(TestVideos.images(file)).hasSize(1);
    }
  }

  @Test
  void coloursKeepTheirPlaces() throws Exception {
    byte[] pixels = new byte[3 * 64 * 64];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = (byte) 200;
      pixels[i + 1] = 40;
      pixels[i + 2] = 90;
    }
    for (VideoFormat format : VideoFormat.values()) {
      Path file = folder.resolve("colour." + format.extension());

      VideoWriter.write(file, format, List.of(new RgbImage(64, 64, pixels)), 8);

      int rgb = TestVideos.images(file).get(0).rgb(32, 32);
      assertThat(rgb >> 16).as("%s red", format).isBetween(196, 204);
      assertThat(rgb >> 8 & 255).as("%s green", format).isBetween(36, 44);
      assertThat(rgb & 255).as("%s blue", format).isBetween(86, 94);
    }
  }

  @Test
  void unfinishedVideoLeavesNothingBehind() throws Exception {
    Path file = folder.resolve("out.mp4");
    try (VideoWriter writer = VideoWriter.create(file, VideoFormat.MP4, 128, 96, 8)) {
      writer.write(TestVideos.images(COCKATOO).get(0));
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void finishedVideoReplacesAnOlderOne() throws Exception {
    Path file = Files.writeString(folder.resolve("out.gif"), "older");

    VideoWriter.write(file, VideoFormat.GIF, TestVideos.images(COCKATOO).subList(0, 3), 8);

    assertThat(TestVideos.images(file)).hasSize(3);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void missingFolderIsNamed() {
    Path file = folder.resolve("gone").resolve("out.mp4");

    assertThatThrownBy(() -> VideoWriter.create(file, VideoFormat.MP4, 64, 64, 8))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("out.mp4", "No such file", "folder exists");
  }

  @Test
  void oddSizesAreRefusedForMp4() {
    assertThatThrownBy(
            () -> VideoWriter.create(folder.resolve("out.mp4"), VideoFormat.MP4, 65, 64, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("65x64", "multiples of 2");
  }

  @Test
  void ratesBeyondTheFormatAreRefused() {
    assertThatThrownBy(
            () -> VideoWriter.create(folder.resolve("out.gif"), VideoFormat.GIF, 64, 64, 51))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("GIF", "1 to 50", "51");
  }

  @Test
  void imagesOfAnotherSizeAreRefused() throws Exception {
    try (VideoWriter writer =
        VideoWriter.create(folder.resolve("out.mp4"), VideoFormat.MP4, 64, 64, 8)) {
      assertThatThrownBy(() -> writer.write(new RgbImage(32, 64, new byte[6144])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("out.mp4", "64x64", "32x64");
    }
  }

  @Test
  void videoWithoutImagesIsRefused() {
    assertThatThrownBy(
            () -> VideoWriter.write(folder.resolve("out.mp4"), VideoFormat.MP4, List.of(), 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one image");
  }
}
