package org.latte4j.data.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.decoder.DecoderSettings;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.Halves;
import org.latte4j.data.shard.LatentEncoding;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.SegmentRow;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.DecodeLimits;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.TestVideos;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFrame;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.DctAutoencoder;
import org.latte4j.model.autoencoder.DctSettings;

class ShardEncoderTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Path EXCERPT = Path.of("../conf/demo/excerpts/Cup/v_Cup_g01_c01.mp4");
  private static final Segmentation CUTS = new Segmentation(20, 7);
  private static final int SIZE = 16;

  @TempDir Path directory;
  private final Autoencoder autoencoder = new DctAutoencoder(new DctSettings(4, 3, 1));

  @Test
  void rowsHoldTheFramesAsTheAutoencoderGivesThem() throws IOException {
    EncodedShard encoded = encode(recipe(Mirroring.NONE, 3), video(EXCERPT));
    List<float[]> expected = momentsOf(EXCERPT);
    EncodedVideo listed = encoded.file().videos().get(0);
    assertThat(listed.frames()).isEqualTo(expected.size());
    try (ShardReader reader = open(encoded)) {
      for (int row = 0; row < listed.rows().size(); row++) {
        LatentSegment segment = reader.segment(0, row);
        for (int frame = 0; frame < segment.shape().frames(); frame++) {
          assertThat(moments(segment, frame))
              .containsExactly(halved(expected.get(segment.start() + frame)));
        }
      }
    }
  }

  @Test
  void mirroredFramesAreEncodedInRowsOfTheirOwn() throws IOException {
    EncodedShard encoded = encode(recipe(Mirroring.BOTH, 3), video(EXCERPT));
    EncodedVideo listed = encoded.file().videos().get(0);
    assertThat(listed.rows().subList(0, 2))
        .containsExactly(new SegmentRow(0, 20, false), new SegmentRow(0, 20, true));
    try (ShardReader reader = open(encoded)) {
      float[] plain = moments(reader.segment(0, 0), 5);
      float[] mirrored = moments(reader.segment(0, 1), 5);
      // Channel 0 is the blocks' brightness: mirrored, the columns of blocks change places.
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
          assertThat(mirrored[4 * y + x]).isCloseTo(plain[4 * y + 3 - x], within(2e-3f));
        }
      }
    }
  }

  @Test
  void theBatchDoesNotShowInTheFile() throws IOException {
    EncodedShard three = encode(recipe(Mirroring.BOTH, 3), video(EXCERPT));
    EncodedShard fifty = encode(recipe(Mirroring.BOTH, 50), video(EXCERPT));
    assertThat(fifty).isEqualTo(three);
  }

  @Test
  void channelRangesSpanTheScaledMeans() throws IOException {
    EncodedShard encoded = encode(recipe(Mirroring.NONE, 8), video(EXCERPT));
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (float[] frame : momentsOf(EXCERPT)) {
      for (float value : Arrays.copyOfRange(halved(frame), 16, 32)) {
        min = Math.min(min, (float) (value * autoencoder.scalingFactor()));
        max = Math.max(max, (float) (value * autoencoder.scalingFactor()));
      }
    }
    assertThat(encoded.channelRanges()).hasSize(5);
    assertThat(encoded.channelRanges().get(1)).isEqualTo(new ChannelRange(min, max));
  }

  @Test
  void whatIsNoVideoOrTooShortIsListedWithItsReason() throws IOException {
    Path text = Files.writeString(directory.resolve("text.avi"), "not a video at all");
    EncodeRecipe recipe =
        new EncodeRecipe(
            FrameTransform.named("resize-crop", SIZE),
            Mirroring.NONE,
            new Segmentation(500, 7),
            400,
            DecodeLimits.GENEROUS,
            0,
            DecoderSettings.DEFAULTS,
            8);
    EncodedShard encoded = encode(recipe, video(text), video(EXCERPT));
    assertThat(encoded.file().videos()).isEmpty();
    assertThat(encoded.channelRanges()).isEmpty();
    assertThat(encoded.rejected())
        .extracting(RejectedVideo::source)
        .containsExactly("text.avi", "v_Cup_g01_c01.mp4");
    assertThat(encoded.rejected().get(0).reason()).doesNotContain(directory.toString());
    assertThat(encoded.rejected().get(1).reason())
        .contains("too short", "and 400 are needed (encode.minimum-frames)");
  }

  @Test
  void aVideoThatBreaksOffAfterSomeRowsLeavesNoneOfThem() throws IOException {
    Path cut = directory.resolve("cut.mp4");
    byte[] whole = Files.readAllBytes(EXCERPT);
    Files.write(cut, Arrays.copyOf(whole, whole.length * 9 / 10));
    EncodedShard encoded = encode(recipe(Mirroring.NONE, 2), video(EXCERPT), video(cut));
    assertThat(encoded.file().videos()).hasSize(1);
    assertThat(encoded.rejected()).extracting(RejectedVideo::source).containsExactly("cut.mp4");
    assertThat(encoded.rejected().get(0).reason()).contains("after");
    assertThat(encoded.file()).isEqualTo(encode(recipe(Mirroring.NONE, 2), video(EXCERPT)).file());
    try (ShardReader reader = open(encoded)) {
      assertThat(reader.segment(0, 0).origin().source()).isEqualTo("v_Cup_g01_c01.mp4");
    }
  }

  @Test
  void aFolderOfFramesIsEncodedAsTheVideoThatTheyCameFrom() throws IOException {
    Path frames = Files.createDirectory(directory.resolve("cup"));
    List<RgbImage> images = TestVideos.images(EXCERPT);
    for (int i = 0; i < images.size(); i++) {
      ImageIO.write(picture(images.get(i)), "png", frames.resolve("cup_" + i + ".png").toFile());
    }
    EncodedShard fromFrames = encode(recipe(Mirroring.NONE, 3), frameFolder(frames));
    assertThat(fromFrames.rejected()).isEmpty();
    try (ShardReader reader = open(fromFrames)) {
      List<float[]> expected = momentsOf(EXCERPT);
      assertThat(fromFrames.file().frames()).isEqualTo(expected.size());
      assertThat(moments(reader.segment(0, 0), 12)).containsExactly(halved(expected.get(12)));
    }
  }

  @Test
  void aFrameThatIsNoPictureIsNamed() throws IOException {
    Path frames = Files.createDirectory(directory.resolve("cup"));
    Files.writeString(frames.resolve("cup_1.jpg"), "not a picture");
    EncodedShard encoded = encode(recipe(Mirroring.NONE, 3), frameFolder(frames));
    assertThat(encoded.rejected().get(0).reason()).contains("cup_1.jpg: not a video that FFmpeg");
  }

  @Test
  void latentsThatHalvesCannotHoldAreARejection() throws IOException {
    ShardPlan.PlannedShard planned = plan(video(EXCERPT));
    EncodedShard encoded =
        new ShardEncoder(recipe(Mirroring.NONE, 2), new BrokenAutoencoder(), shards(), HADOOP)
            .encode(planned, 0);
    assertThat(encoded.rejected().get(0).reason())
        .isEqualTo("the autoencoder gave NaN, which half precision cannot hold");
  }

  private EncodedShard encode(EncodeRecipe recipe, SourceVideo... videos) throws IOException {
    return new ShardEncoder(recipe, autoencoder, shards(), HADOOP).encode(plan(videos), 0);
  }

  private static ShardPlan.PlannedShard plan(SourceVideo... videos) {
    return ShardPlan.of(Stream.of(videos).map(PlannedVideo::whole).toList(), 0, Long.MAX_VALUE, 10)
        .shards()
        .get(0);
  }

  private org.apache.hadoop.fs.Path shards() {
    return new org.apache.hadoop.fs.Path(directory.resolve("shards").toUri());
  }

  private ShardReader open(EncodedShard encoded) {
    Manifest manifest =
        new Manifest(
            new LatentEncoding(autoencoder.fingerprint(), "", 5, 4, 4, autoencoder.scalingFactor()),
            CUTS,
            Map.of(),
            List.of(),
            encoded.channelRanges(),
            List.of(encoded.file()),
            encoded.rejected());
    return LatentShards.of(shards(), HADOOP, manifest).reader(1 << 20);
  }

  private static EncodeRecipe recipe(Mirroring mirroring, int batch) {
    return new EncodeRecipe(
        FrameTransform.named("resize-crop", SIZE),
        mirroring,
        CUTS,
        16,
        DecodeLimits.GENEROUS,
        0,
        DecoderSettings.DEFAULTS,
        batch);
  }

  private static SourceVideo video(Path file) throws IOException {
    return SourceVideo.unlabelled(
            file.getFileName().toString(),
            file.toUri().toString(),
            SourceVideo.Form.FILE,
            Files.size(file),
            "")
        .inSplit("train");
  }

  private static SourceVideo frameFolder(Path folder) {
    return SourceVideo.unlabelled("cup", folder.toUri().toString(), SourceVideo.Form.FRAMES, 1, "")
        .inSplit("train");
  }

  private static BufferedImage picture(RgbImage image) {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        picture.setRGB(x, y, image.rgb(x, y));
      }
    }
    return picture;
  }

  /** Frame by frame, [2C, h, w]. */
  private List<float[]> momentsOf(Path file) throws IOException {
    List<float[]> moments = new ArrayList<>();
    FrameTransform transform = FrameTransform.named("resize-crop", SIZE);
    try (VideoDecoder decoder = VideoDecoder.open(file)) {
      for (var frame = decoder.next(); frame.isPresent(); frame = decoder.next()) {
        VideoFrame decoded = frame.get();
        float[] planar = new float[3 * SIZE * SIZE];
        transform.apply(decoded.image()).toPlanar(planar, 0);
        moments.add(autoencoder.encode(planar, 1, SIZE, SIZE));
      }
    }
    return moments;
  }

  private static float[] halved(float[] values) {
    byte[] halves = new byte[2 * values.length];
    Halves.store(values, 0, values.length, halves, 0);
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Halves.at(halves, 2 * i);
    }
    return rounded;
  }

  private static float[] moments(LatentSegment segment, int frame) {
    float[] values = new float[2 * segment.shape().frameLength()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Halves.at(segment.moments(), 2 * (frame * values.length + i));
    }
    return values;
  }

  /** An autoencoder whose weights are not numbers. */
  private static final class BrokenAutoencoder implements Autoencoder {
    @Override
    public int latentChannels() {
      return 1;
    }

    @Override
    public int downsampling() {
      return 1;
    }

    @Override
    public double scalingFactor() {
      return 1;
    }

    @Override
    public String fingerprint() {
      return "broken:0";
    }

    @Override
    public float[] encode(float[] images, int batch, int height, int width) {
      float[] moments = new float[batch * 2 * height * width];
      Arrays.fill(moments, Float.NaN);
      return moments;
    }

    @Override
    public float[] decode(float[] latents, int batch, int height, int width) {
      throw new UnsupportedOperationException("only encodes");
    }

    @Override
    public void close() {}
  }
}
