package org.latte4j.spark.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFrame;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.Autoencoders;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.spark.LocalSpark;

class SampleJobTest {
  private static final Path CLIP =
      Path.of("../conf/demo/excerpts/Cup/v_Cup_g01_c01.mp4").toAbsolutePath();

  @TempDir static Path folder;
  private static JavaSparkContext spark;
  private static Path model;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start("local[2]");
    model = TinyModel.write(folder.resolve("model"), Prediction.NOISE, "Cup", "Face", "Ocean");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void everyOutputThatIsAskedForIsWritten() throws IOException {
    SampleResult result =
        sample(
            model,
            "all",
            Map.of(
                "sample.outputs", "mp4,gif,frames,contact-sheet",
                "sample.classes", "Face",
                "sample.enlarge", "2"));
    Path written = folder.resolve("all");
    assertThat(names(written))
        .containsExactlyInAnyOrder(
            "Face_0000", "Face_0000.mp4", "Face_0000.gif", "contact-sheet.png");
    assertThat(names(written.resolve("Face_0000")))
        .containsExactlyInAnyOrder("000000.png", "000001.png", "000002.png", "000003.png");
    assertThat(result.videos()).hasSize(1);
    assertThat(result.settings()).containsEntry("enlarge", "2").containsEntry("seed", 0);
    assertThat(result.videos().get(0).files()).hasSize(3);
    assertThat(frames(written.resolve("Face_0000.mp4"))).hasSize(4);
    assertThat(frames(written.resolve("Face_0000.gif"))).hasSize(4);
    BufferedImage frame = ImageIO.read(written.resolve("Face_0000/000003.png").toFile());
    assertThat(frame.getWidth()).isEqualTo(32);
    assertThat(frame.getHeight()).isEqualTo(32);
  }

  @Test
  void withoutAContactSheetNoneIsWritten() throws IOException {
    SampleResult result = sample(model, "no-sheet", Map.of("sample.classes", "0"));
    assertThat(result.contactSheet()).isEmpty();
    assertThat(names(folder.resolve("no-sheet"))).containsExactly("Cup_0000");
  }

  @Test
  void aVideoFollowsFromItsNumberClassAndSeed() throws IOException {
    Map<String, byte[]> many =
        pictures(model, "many", Map.of("sample.videos-per-class", "3", "sample.batch-size", "4"));
    assertThat(many).hasSize(9 * TinyModel.FRAMES);
    Map<String, byte[]> one =
        pictures(
            model,
            "one",
            Map.of("sample.first-video", "2", "sample.classes", "Ocean", "sample.batch-size", "1"));
    assertThat(one).hasSize(TinyModel.FRAMES);
    assertThat(one).allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(many.get(name)));
    assertThat(
            pictures(
                model,
                "other-seed",
                Map.of("sample.seed", "1", "sample.classes", "Ocean", "sample.first-video", "2")))
        .allSatisfy((name, bytes) -> assertThat(bytes).isNotEqualTo(many.get(name)));
  }

  @Test
  void aLongVideoBeginsLikeNoShortOneAndDoesNotDependOnHowManyWindowsGoAtOnce() throws IOException {
    Map<String, String> nine = new TreeMap<>(Map.of("sample.frames", "9", "sample.classes", "Cup"));
    nine.put("sample.batch-size", "1");
    Map<String, byte[]> alone = pictures(model, "windows-1", nine);
    nine.put("sample.batch-size", "3");
    assertThat(alone).hasSize(9);
    assertThat(pictures(model, "windows-3", nine))
        .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(alone.get(name)));
    nine.put("sample.overlap", "1");
    assertThat(pictures(model, "overlap-1", nine))
        .anySatisfy((name, bytes) -> assertThat(bytes).isNotEqualTo(alone.get(name)));
  }

  @Test
  void theSheetOfALongVideoHasAsManyFramesAsAClip() throws IOException {
    sample(
        model,
        "long-sheet",
        Map.of("sample.frames", "23", "sample.classes", "Cup", "sample.outputs", "contact-sheet"));
    sample(
        model, "short-sheet", Map.of("sample.classes", "Cup", "sample.outputs", "contact-sheet"));
    BufferedImage longSheet = ImageIO.read(folder.resolve("long-sheet/contact-sheet.png").toFile());
    BufferedImage shortSheet =
        ImageIO.read(folder.resolve("short-sheet/contact-sheet.png").toFile());
    assertThat(longSheet.getWidth()).isEqualTo(shortSheet.getWidth());
  }

  @Test
  void aVideoBeginsWithThePictureAsTheAutoencoderKeepsIt() throws IOException {
    Path picture = picture();
    Map<String, String> settings = Map.of("sample.image", picture.toString());
    sample(model, "image", settings);
    RgbImage expected = roundTrip(picture);
    for (String name : List.of("Cup_0000", "Face_0000", "Ocean_0000")) {
      BufferedImage first = ImageIO.read(folder.resolve("image/" + name + "/000000.png").toFile());
      for (int y = 0; y < 16; y++) {
        for (int x = 0; x < 16; x++) {
          assertThat(first.getRGB(x, y) & 0xffffff).isEqualTo(expected.rgb(x, y));
        }
      }
    }
    Map<String, byte[]> free = pictures(model, "no-image", Map.of());
    assertThat(Files.readAllBytes(folder.resolve("image/Cup_0000/000002.png")))
        .isNotEqualTo(free.get("Cup_0000/000002.png"));
  }

  @Test
  void aVideosFirstFrameMayBeThePicture() throws IOException {
    sample(model, "clip", Map.of("sample.image", CLIP.toString(), "sample.classes", "Cup"));
    RgbImage expected = roundTrip(CLIP);
    BufferedImage first = ImageIO.read(folder.resolve("clip/Cup_0000/000000.png").toFile());
    assertThat(first.getRGB(3, 4) & 0xffffff).isEqualTo(expected.rgb(3, 4));
  }

  @Test
  void aPictureThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> sample(model, "none", Map.of("sample.image", folder.resolve("no.png") + "")))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("no.png");
  }

  @Test
  void aFileThatIsNoPictureIsNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    assertThatThrownBy(() -> sample(model, "none", Map.of("sample.image", text + "")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("text.png");
  }

  /** The same weights: what they give is read as one thing or the other, as the card says. */
  @Test
  void theCardSaysWhatTheNetworkPredicts() throws IOException {
    Path velocity = TinyModel.write(folder.resolve("v"), Prediction.VELOCITY, "Cup", "Face", "Sea");
    Map<String, byte[]> noise = pictures(model, "p-noise", Map.of("sample.classes", "Cup"));
    assertThat(pictures(velocity, "p-velocity", Map.of("sample.classes", "Cup")))
        .allSatisfy((name, bytes) -> assertThat(bytes).isNotEqualTo(noise.get(name)));
  }

  @Test
  void aModelWithoutClassesIsSampledWithoutGuidance() throws IOException {
    Path unconditional = TinyModel.write(folder.resolve("unconditional"), Prediction.NOISE);
    Map<String, byte[]> pictures =
        pictures(unconditional, "free", Map.of("sample.videos-per-class", "2"));
    assertThat(pictures.keySet()).contains("video_0000/000000.png", "video_0001/000003.png");
  }

  @Test
  void aGuidanceIntervalThatHoldsEveryLevelIsGuidanceThroughout() throws IOException {
    Map<String, byte[]> always = pictures(model, "always", Map.of("sample.classes", "Cup"));
    assertThat(
            pictures(
                model,
                "wide",
                Map.of("sample.classes", "Cup", "sample.guidance-interval", "0,1000")))
        .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(always.get(name)));
    assertThat(
            pictures(
                model,
                "narrow",
                Map.of("sample.classes", "Cup", "sample.guidance-interval", "0.5,3")))
        .anySatisfy((name, bytes) -> assertThat(bytes).isNotEqualTo(always.get(name)));
  }

  private static SampleResult sample(Path from, String to, Map<String, String> settings)
      throws IOException {
    return new SampleJob(
            spark,
            TinyModel.settings(settings),
            TinyModel.hadoop(from),
            TinyModel.hadoop(folder.resolve(to)))
        .execute();
  }

  private static Map<String, byte[]> pictures(Path from, String to, Map<String, String> settings)
      throws IOException {
    sample(from, to, settings);
    return pictures(folder.resolve(to));
  }

  /** The PNG files below a folder. */
  static Map<String, byte[]> pictures(Path written) throws IOException {
    try (Stream<Path> tree = Files.walk(written)) {
      return tree.filter(file -> file.toString().endsWith(".png"))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .collect(
              Collectors.toMap(
                  file -> written.relativize(file).toString(),
                  SampleJobTest::bytes,
                  (a, b) -> a,
                  TreeMap::new));
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(Path written) throws IOException {
    try (Stream<Path> listed = Files.list(written)) {
      return listed
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList();
    }
  }

  private static List<RgbImage> frames(Path video) throws IOException {
    List<RgbImage> frames = new ArrayList<>();
    try (VideoDecoder decoder = VideoDecoder.open(video)) {
      for (Optional<VideoFrame> next = decoder.next(); next.isPresent(); next = decoder.next()) {
        frames.add(next.get().image());
      }
    }
    return frames;
  }

  /** A picture of 40 x 30 pixels, that has to be cut. */
  private static Path picture() throws IOException {
    BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        picture.setRGB(x, y, (6 * x) << 16 | (8 * y) << 8 | 100);
      }
    }
    Path file = folder.resolve("picture.png");
    ImageIO.write(picture, "png", file.toFile());
    return file;
  }

  private static RgbImage roundTrip(Path picture) throws IOException {
    RgbImage cut = FrameTransform.named("resize-crop", 16).apply(frames(picture).get(0));
    float[] planar = new float[3 * 16 * 16];
    cut.toPlanar(planar, 0);
    try (Autoencoder autoencoder =
        Autoencoders.open("dct-4-3-1", () -> KernelsChoice.forBackend(1))) {
      float[] moments = autoencoder.encode(planar, 1, 16, 16);
      float[] mean = Arrays.copyOf(moments, moments.length / 2);
      for (int i = 0; i < mean.length; i++) {
        // As a model's latents are: scaled, and scaled back.
        float scale = (float) autoencoder.scalingFactor();
        mean[i] = mean[i] * scale / scale;
      }
      return RgbImage.fromPlanar(autoencoder.decode(mean, 1, 4, 4), 0, 16, 16);
    }
  }
}
