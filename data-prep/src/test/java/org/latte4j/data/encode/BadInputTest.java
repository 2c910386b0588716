package org.latte4j.data.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.decoder.DecoderSettings;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.TestVideos;
import org.latte4j.data.video.VideoFormat;
import org.latte4j.data.video.VideoWriter;
import org.latte4j.model.autoencoder.DctAutoencoder;
import org.latte4j.model.autoencoder.DctSettings;

/** Input that cannot be encoded is rejected, each with its reason, and never ends anything else. */
class BadInputTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Path FACE = TestVideos.EXCERPTS.resolve("Face/v_Face_g01_c01.mp4");
  private static final DecodeLimits LIMITS = new DecodeLimits(1 << 22, 1000, Duration.ofMinutes(1));

  @TempDir Path directory;

  @Test
  void truncated() throws IOException {
    byte[] bytes = Files.readAllBytes(FACE);
    assertThat(reason(file("cut.mp4", Arrays.copyOf(bytes, bytes.length / 2))))
        .contains("the file ends before its last frame");
  }

  @Test
  void zeroBytes() throws IOException {
    assertThat(reason(file("empty.mp4", new byte[0]))).contains("0 bytes");
  }

  @Test
  void soundOnly() throws IOException, URISyntaxException {
    byte[] mp3 = Files.readAllBytes(TestVideos.resource("cover-picture.mp3"));
    assertThat(reason(file("song.mp4", mp3))).contains("no video stream");
  }

  @Test
  void textThatIsNamedLikeAVideo() throws IOException {
    byte[] text = "Dear diary,\n".repeat(999).getBytes(StandardCharsets.UTF_8);
    assertThat(reason(file("notes.mp4", text))).contains("not a video that FFmpeg can read");
  }

  @Test
  void corruptInTheMiddle() throws IOException {
    byte[] bytes = Files.readAllBytes(FACE);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 600, (byte) 0);
    assertThat(reason(file("hole.mp4", bytes)))
        .contains("could not be decoded whole, and 0 may be (encode.max-damaged-frames)");
  }

  @Test
  void oneFrame() throws IOException {
    assertThat(reason(video("one.mp4", 64, 48, 1)))
        .isEqualTo("too short: 1 frames, and 16 are needed (encode.minimum-frames)");
  }

  @Test
  void framesOfEightThousandPixels() throws IOException {
    Path file = directory.resolve("8k.gif");
    RgbImage image = new RgbImage(16, 16, new byte[3 * 16 * 16]);
    VideoWriter.write(file, VideoFormat.GIF, List.of(image), 25);
    byte[] bytes = Files.readAllBytes(file);
    // Width and height of the logical screen, little-endian.
    bytes[6] = (byte) 7680;
    bytes[7] = (byte) (7680 >> 8);
    bytes[8] = (byte) 4320;
    bytes[9] = (byte) (4320 >> 8);
    Files.write(file, bytes);
    assertThat(reason(file))
        .contains("7680x4320", "33.2 million pixels", "4.2", "(encode.max-pixels)");
  }

  @Test
  void aCodecThatFfmpegLacks() throws IOException {
    byte[] bytes = Files.readAllBytes(FACE);
    int codec = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("avc1", 100);
    System.arraycopy("zzz9".getBytes(StandardCharsets.ISO_8859_1), 0, bytes, codec, 4);
    assertThat(reason(file("odd.mp4", bytes))).contains("no decoder for its codec");
  }

  @Test
  void moreFramesThanAllowed() throws IOException {
    assertThat(reason(video("long.mp4", 32, 32, 1001)))
        .contains("more than 1000 frames (encode.max-frames)");
  }

  @Test
  void longerThanAllowed() throws IOException {
    assertThat(reason(video("slow.mp4", 32, 32, 25 * 61)))
        .contains("lasts 0:01:01", "at most 0:01:00", "(encode.max-duration)");
  }

  @Test
  void aFileThatMayNotBeRead() throws IOException {
    Path file = file("secret.mp4", Files.readAllBytes(FACE));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(file)).as("root reads everything").isFalse();
    assertThat(reason(file)).contains("cannot be opened");
  }

  @Test
  void aFileThatHasGone() throws IOException {
    Path file = file("gone.mp4", Files.readAllBytes(FACE));
    SourceVideo listed = source(file);
    Files.delete(file);
    assertThat(reason(listed)).contains("cannot be opened", "FileNotFoundException");
  }

  @Test
  void aVideoThatStandsStill() throws IOException {
    DecoderSettings hasty =
        new DecoderSettings(1 << 28, Duration.ofMillis(1), Duration.ofMillis(1));
    assertThat(encode(recipe(hasty), source(FACE)).rejected().get(0).reason()).contains("decoding");
  }

  @Test
  void goodVideosBesideBadOnesAreEncoded() throws IOException {
    EncodedShard encoded =
        encode(
            recipe(DecoderSettings.DEFAULTS),
            source(file("notes.mp4", new byte[999])),
            source(FACE),
            source(file("empty.mp4", new byte[0])));
    assertThat(encoded.rejected()).hasSize(2);
    assertThat(encoded.file().videos()).hasSize(1);
    assertThat(encoded.file().frames()).isEqualTo(100);
  }

  private String reason(Path file) throws IOException {
    return reason(source(file));
  }

  private String reason(SourceVideo video) throws IOException {
    EncodedShard encoded = encode(recipe(DecoderSettings.DEFAULTS), video);
    assertThat(encoded.file().videos()).isEmpty();
    assertThat(encoded.rejected()).hasSize(1);
    assertThat(encoded.rejected().get(0).source()).isEqualTo(video.id());
    String reason = encoded.rejected().get(0).reason();
    assertThat(reason).doesNotContain(directory.toString());
    return reason;
  }

  private EncodedShard encode(EncodeRecipe recipe, SourceVideo... videos) throws IOException {
    ShardPlan.PlannedShard planned =
        new ShardPlan.PlannedShard(
            "part-00000-of-00001.parquet", Arrays.stream(videos).map(PlannedVideo::whole).toList());
    org.apache.hadoop.fs.Path shards =
        new org.apache.hadoop.fs.Path(directory.resolve("shards").toUri());
    return new ShardEncoder(recipe, new DctAutoencoder(new DctSettings(4, 3, 1)), shards, HADOOP)
        .encode(planned, 0);
  }

  private static EncodeRecipe recipe(DecoderSettings decoder) {
    return new EncodeRecipe(
        FrameTransform.named("resize-crop", 16),
        Mirroring.NONE,
        new Segmentation(64, 16),
        16,
        LIMITS,
        0,
        decoder,
        8);
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private Path video(String name, int width, int height, int frames) throws IOException {
    RgbImage image = new RgbImage(width, height, new byte[3 * width * height]);
    List<RgbImage> images = IntStream.range(0, frames).mapToObj(i -> image).toList();
    VideoWriter.write(directory.resolve(name), VideoFormat.MP4, images, 25);
    return directory.resolve(name);
  }

  private static SourceVideo source(Path file) throws IOException {
    return SourceVideo.unlabelled(
            file.getFileName().toString(),
            file.toAbsolutePath().normalize().toUri().toString(),
            SourceVideo.Form.FILE,
            Files.size(file),
            "")
        .inSplit("train");
  }
}
