package org.latte4j.data.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.data.video.VideoDecodeException.Reason;

class VideoDecoderTest {
  private static final Path FACE = TestVideos.EXCERPTS.resolve("Face/v_Face_g01_c01.mp4");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "Cockatoo/v_Cockatoo_g01_c01.mp4, 26",
    "Cockatoo/v_Cockatoo_g01_c02.mp4, 26",
    "Cup/v_Cup_g01_c01.mp4, 52",
    "Cup/v_Cup_g02_c01.mp4, 82",
    "Face/v_Face_g01_c01.mp4, 100",
    "Face/v_Face_g02_c01.mp4, 100",
    "Ocean/v_Ocean_g01_c01.mp4, 66",
    "Ocean/v_Ocean_g02_c01.mp4, 66",
  })
  void shippedExcerptDecodesWhole(String name, int frames) throws Exception {
    List<VideoFrame> decoded = TestVideos.frames(TestVideos.EXCERPTS.resolve(name));

    assertThat(decoded).hasSize(frames);
    assertThat(decoded).allMatch(f -> f.image().width() == 128 && f.image().height() == 96);
  }

  @Test
  void soundBesideTheVideoIsSkipped() throws Exception {
    assertThat(TestVideos.frames(TestVideos.resource("realshort.mp4"))).hasSize(36);
  }

  @Test
  void timestampsFollowTheContainersClock() throws Exception {
    List<VideoFrame> frames = TestVideos.frames(FACE);

    assertThat(frames.get(0).timestamp()).isEqualTo(Duration.ZERO);
    assertThat(frames.get(50).timestamp()).isEqualTo(Duration.ofMillis(2000));
  }

  @Test
  void headerIsReported() throws Exception {
    try (VideoDecoder decoder = VideoDecoder.open(FACE)) {
      assertThat(decoder.info().codec()).isEqualTo("h264");
      assertThat(decoder.info().framesPerSecond()).isEqualTo(25);
      assertThat(decoder.info().declaredFrames()).hasValue(100);
    }
  }

  @Test
  void frameIsTurnedAsItsDisplayMatrixAsks() throws Exception {
    RgbImage image = TestVideos.images(TestVideos.resource("rotated.mp4")).get(0);

    assertThat(image.width()).isEqualTo(32);
    assertThat(image.height()).isEqualTo(64);
    assertThat(image.rgb(2, 61) & 255).as("blue, bottom left").isGreaterThan(240);
    assertThat(image.rgb(2, 2) >> 16).as("red, top left").isGreaterThan(240);
    assertThat(image.rgb(29, 61) >> 16).as("red, bottom right").isGreaterThan(240);
  }

  @Test
  void tenBitPixelsAreConverted() throws Exception {
    List<RgbImage> images = TestVideos.images(TestVideos.resource("ten-bit.mkv"));

    assertThat(images).hasSize(5);
    assertThat(images.get(0).pixels()).contains((byte) 0, (byte) 255);
  }

  @Test
  void sameFileGivesTheSamePixelsAgain() throws Exception {
    List<RgbImage> once = TestVideos.images(FACE);
    List<RgbImage> again = TestVideos.images(FACE);

    for (int i = 0; i < once.size(); i++) {
      assertThat(again.get(i).pixels()).isEqualTo(once.get(i).pixels());
    }
  }

  @Test
  void emptyFileIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("empty.mp4"));

    assertFails(file, Reason.EMPTY, "empty.mp4", "0 bytes");
  }

  @Test
  void renamedTextIsNotAVideo() throws Exception {
    Path file =
        Files.writeString(folder.resolve("notes.mp4"), "These are only notes.\n".repeat(500));

    assertFails(file, Reason.NOT_A_VIDEO, "notes.mp4", "not a video");
  }

  @Test
  void missingFileIsUnreadable() {
    assertFails(folder.resolve("gone.mp4"), Reason.UNREADABLE, "gone.mp4", "NoSuchFileException");
  }

  @Test
  void fileCutBeforeItsIndexIsTruncated() throws Exception {
    Path file = cut(TestVideos.resource("realshort.mp4"), 0.7);

    assertFails(file, Reason.TRUNCATED, "cut.mp4", "index is missing");
  }

  @Test
  void fileCutAfterItsIndexIsTruncatedOnceItsWholeFramesAreRead() throws Exception {
    try (VideoDecoder decoder = VideoDecoder.open(cut(FACE, 0.5))) {
      assertThatThrownBy(() -> drain(decoder))
          .isInstanceOfSatisfying(
              VideoDecodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED))
          .hasMessageContaining("after " + decoder.decoded() + " frames");
      assertThat(decoder.decoded()).isBetween(20, 90);
    }
  }

  @Test
  void soundWithACoverPictureHasNoVideoStream() throws Exception {
    assertFails(
        TestVideos.resource("cover-picture.mp3"), Reason.NO_VIDEO_STREAM, "cover picture", "mp3");
  }

  @Test
  void playlistCannotFetchAnotherFile() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("list.mp4"),
            "ffconcat version 1.0\nfile 'src/test/resources/video/realshort.mp4'\n");

    assertFails(file, Reason.NOT_A_VIDEO, "list.mp4", "whitelist");
  }

  @Test
  void matroskaCutShortIsTruncated() throws Exception {
    Path file = cut(TestVideos.resource("ten-bit.mkv"), 0.8);

    assertFails(file, Reason.TRUNCATED, "cut.mp4", "frames");
  }

  @Test
  void damagedPacketsAreCountedAndPassedOver() throws Exception {
    byte[] bytes = Files.readAllBytes(FACE);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 600, (byte) 0);
    Path file = Files.write(folder.resolve("damaged.mp4"), bytes);

    try (VideoDecoder decoder = VideoDecoder.open(file)) {
      drain(decoder);
      assertThat(decoder.damaged()).isPositive();
      assertThat(decoder.decoded()).isGreaterThan(80);
    }
  }

  @Test
  void failureOfTheInputIsTheCause() throws Exception {
    IOException broken = new IOException("connection reset");
    MediaInput whole = MediaInput.of(FACE);
    MediaInput input =
        new MediaInput() {
          @Override
          public String name() {
            return "remote.mp4";
          }

          @Override
          public long size() {
            return whole.size();
          }

          @Override
          public int read(long position, byte[] buffer, int offset, int length) throws IOException {
            if (position > 8000) {
              throw broken;
            }
            return whole.read(position, buffer, offset, Math.min(length, 1000));
          }

          @Override
          public void close() throws IOException {
            whole.close();
          }
        };

    assertThatThrownBy(
            () -> {
              try (VideoDecoder decoder = VideoDecoder.open(input)) {
                drain(decoder);
              }
            })
        .hasMessageContaining("remote.mp4")
        .hasMessageContaining("connection reset")
        .hasCause(broken);
  }

  @Test
  void closedDecoderHasNoMoreFrames() throws Exception {
    VideoDecoder decoder = VideoDecoder.open(FACE);
    decoder.close();
    decoder.close();

    assertThat(decoder.next()).isEmpty();
  }

  @Test
  void manyDecodersMayBeOpenAtOnce() throws Exception {
    VideoDecoder[] decoders = new VideoDecoder[40];
    for (int i = 0; i < decoders.length; i++) {
      decoders[i] = VideoDecoder.open(FACE);
    }
    for (VideoDecoder decoder : decoders) {
      assertThat(decoder.next()).isPresent();
      decoder.close();
    }
  }

  private Path cut(Path whole, double share) throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    return Files.write(
        folder.resolve("cut.mp4"), Arrays.copyOf(bytes, (int) (bytes.length * share)));
  }

  private static void drain(VideoDecoder decoder) throws VideoDecodeException {
    Optional<VideoFrame> frame;
    do {
      frame = decoder.next();
    } while (frame.isPresent());
  }

  private static void assertFails(Path file, Reason reason, String... words) {
    VideoDecodeException failure =
        catchThrowableOfType(VideoDecodeException.class, () -> TestVideos.frames(file));
    assertThat(failure).isNotNull();
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.getMessage()).contains(words);
    assertThat(failure.getMessage().getBytes(StandardCharsets.US_ASCII).length).isLessThan(400);
  }
}
