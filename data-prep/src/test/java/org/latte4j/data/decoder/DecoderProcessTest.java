package org.latte4j.data.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.latte4j.data.decoder.DecoderProcess.DecodedVideo;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.data.video.FrameRange;
import org.latte4j.data.video.KeyFrameIndex;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.TestVideos;
import org.latte4j.data.video.VideoDecodeException;
import org.latte4j.data.video.VideoFrame;

class DecoderProcessTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Path FACE = TestVideos.EXCERPTS.resolve("Face/v_Face_g01_c01.mp4");
  private static final FrameTransform TRANSFORM = FrameTransform.named("resize-crop", 64);

  @Test
  void framesAreThoseOfADecoderInThisProcess() throws IOException {
    List<RgbImage> expected = TestVideos.images(FACE).stream().map(TRANSFORM::apply).toList();
    try (DecoderProcess decoder = decoder(DecoderSettings.DEFAULTS);
        DecodedVideo video = open(decoder, FrameRange.WHOLE)) {
      assertThat(video.framesPerSecond()).isEqualTo(25);
      List<RgbImage> frames = images(video);
      assertThat(frames).hasSameSizeAs(expected);
      for (int i = 0; i < frames.size(); i++) {
        assertThat(frames.get(i).pixels()).isEqualTo(expected.get(i).pixels());
      }
      assertThat(video.damaged()).isZero();
    }
  }

  @Test
  void videoThatKillsTheProcessIsNamedAndTheNextIsDecoded() throws IOException {
    try (DecoderProcess decoder = decoder(DecoderSettings.DEFAULTS)) {
      try (DecodedVideo video = open(decoder, FrameRange.WHOLE)) {
        assertThat(video.next()).isPresent();
        kill();
        assertThatThrownBy(() -> images(video))
            .isInstanceOf(DecoderDiedException.class)
            .hasMessage("face.mp4: its decoder crashed (signal 9)");
      }
      try (DecodedVideo video = open(decoder, FrameRange.WHOLE)) {
        assertThat(images(video)).hasSize(100);
      }
    }
  }

  @Test
  void crashBeforeTheFirstFrameIsACrash() throws IOException {
    try (DecoderProcess decoder = running("kill -SEGV $$", DecoderSettings.DEFAULTS)) {
      assertThatThrownBy(() -> open(decoder, FrameRange.WHOLE))
          .isInstanceOfSatisfying(
              DecoderDiedException.class,
              e -> assertThat(e.reason()).isEqualTo(DecoderDiedException.Cause.CRASH))
          .hasMessageContaining("signal 11");
    }
  }

  @Test
  void whatTheProcessSaidLastIsPassedOn() throws IOException {
    try (DecoderProcess decoder =
        running("echo no memory for this >&2; exit 3", DecoderSettings.DEFAULTS)) {
      assertThatThrownBy(() -> open(decoder, FrameRange.WHOLE))
          .hasMessageContaining("exit status 3", "no memory for this");
    }
  }

  @Test
  void processThatStandsStillIsEnded() throws IOException {
    DecoderSettings patient =
        new DecoderSettings(1 << 28, Duration.ofMillis(500), Duration.ofHours(1));
    try (DecoderProcess decoder = running("exec sleep 600", patient)) {
      assertThatThrownBy(() -> open(decoder, FrameRange.WHOLE))
          .isInstanceOfSatisfying(
              DecoderDiedException.class,
              e -> assertThat(e.reason()).isEqualTo(DecoderDiedException.Cause.TIME))
          .hasMessageContaining("stood still");
    }
  }

  @Test
  void videoIsGivenItsTimeAndNoMore() throws IOException {
    DecoderSettings hasty =
        new DecoderSettings(1 << 28, Duration.ofHours(1), Duration.ofMillis(500));
    try (DecoderProcess decoder = running("exec sleep 600", hasty)) {
      assertThatThrownBy(() -> open(decoder, FrameRange.WHOLE))
          .hasMessageContaining("decoding took longer");
    }
  }

  @Test
  void whatIsNoVideoIsRefusedAsByTheDecoder() throws IOException {
    Path text = Files.writeString(Files.createTempFile("text", ".mp4"), "only text");
    SourceVideo video = video(text);
    try (DecoderProcess decoder = decoder(DecoderSettings.DEFAULTS)) {
      assertThatThrownBy(() -> decoder.open(video, video.files(HADOOP), FrameRange.WHOLE))
          .isInstanceOfSatisfying(
              VideoDecodeException.class,
              e -> assertThat(e.reason()).isEqualTo(VideoDecodeException.Reason.NOT_A_VIDEO))
          .hasMessageStartingWith("face.mp4: not a video");
    }
  }

  @Test
  void aRangeHoldsTheFramesThatTheWholeHolds() throws IOException {
    SourceVideo video = video(FACE);
    List<RgbImage> whole = TestVideos.images(FACE).stream().map(TRANSFORM::apply).toList();
    try (DecoderProcess decoder = decoder(DecoderSettings.DEFAULTS)) {
      KeyFrameIndex index = decoder.scan(video, video.files(HADOOP));
      assertThat(index.frames()).isEqualTo(100);
      assertThat(index.keyFrame(0)).isTrue();
      for (int first : new int[] {0, 17, 60, 99}) {
        try (DecodedVideo part =
            decoder.open(
                video, video.files(HADOOP), index.range(first, Math.min(20, 100 - first)))) {
          List<RgbImage> frames = images(part);
          assertThat(frames).hasSize(Math.min(20, 100 - first));
          for (int i = 0; i < frames.size(); i++) {
            assertThat(frames.get(i).pixels()).isEqualTo(whole.get(first + i).pixels());
          }
        }
      }
    }
  }

  @Test
  void aRangeThatThePacketsDoNotHoldIsRefused() throws IOException {
    SourceVideo video = video(FACE);
    try (DecoderProcess decoder = decoder(DecoderSettings.DEFAULTS)) {
      KeyFrameIndex index = decoder.scan(video, video.files(HADOOP));
      FrameRange wrong =
          new FrameRange(20, 9, index.timestamp(0), index.timestamp(20), index.timestamp(29));
      try (DecodedVideo part = decoder.open(video, video.files(HADOOP), wrong)) {
        assertThatThrownBy(() -> images(part)).hasMessageContaining("did not give frames 20 to 28");
      }
    }
  }

  private static DecoderProcess decoder(DecoderSettings settings) {
    return new DecoderProcess(settings, TRANSFORM, DecodeLimits.GENEROUS, HADOOP);
  }

  /** Another program in the decoder's place. */
  private static DecoderProcess running(String script, DecoderSettings settings) {
    return new DecoderProcess(
        List.of("/bin/sh", "-c", script), settings, TRANSFORM, DecodeLimits.GENEROUS, HADOOP);
  }

  private static DecodedVideo open(DecoderProcess decoder, FrameRange range) throws IOException {
    SourceVideo video = video(FACE);
    return decoder.open(video, video.files(HADOOP), range);
  }

  private static SourceVideo video(Path file) throws IOException {
    return SourceVideo.unlabelled(
        "face.mp4",
        file.toAbsolutePath().normalize().toUri().toString(),
        SourceVideo.Form.FILE,
        Files.size(file),
        "");
  }

  private static List<RgbImage> images(DecodedVideo video) throws IOException {
    List<RgbImage> images = new ArrayList<>();
    for (Optional<VideoFrame> f = video.next(); f.isPresent(); f = video.next()) {
      images.add(f.get().image());
    }
    return images;
  }

  private static void kill() {
    List<ProcessHandle> decoders =
        ProcessHandle.current()
            .descendants()
            .filter(p -> p.info().commandLine().orElse("").contains(DecoderMain.class.getName()))
            .toList();
    assertThat(decoders).hasSize(1);
    decoders.get(0).destroyForcibly();
  }
}
