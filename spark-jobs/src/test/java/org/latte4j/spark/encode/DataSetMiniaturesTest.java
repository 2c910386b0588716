package org.latte4j.spark.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.SegmentRow;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.data.source.SourceFile;
import org.latte4j.data.source.SourceSettings;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.transform.FrameTransform;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFrame;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.autoencoder.DctAutoencoder;
import org.latte4j.model.autoencoder.DctSettings;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.train.TrainJob;
import org.latte4j.spark.train.TrainResult;

/**
 * The four data sets in miniature: their own layouts, filled with excerpts of real video, encoded
 * with the settings that ship, on two worker processes, counted, decoded again and trained on.
 */
class DataSetMiniaturesTest {
  private static final Path EXCERPTS =
      Path.of("../conf/demo/excerpts").toAbsolutePath().normalize();
  private static final Configuration HADOOP = new Configuration();

  private static StandaloneCluster cluster;
  private static JavaSparkContext spark;

  @TempDir Path directory;

  @BeforeAll
  static void startCluster() {
    cluster = StandaloneCluster.start(2, 1);
    spark = new JavaSparkContext(cluster.conf());
  }

  @AfterAll
  static void stopCluster() {
    spark.close();
    cluster.close();
  }

  @Test
  void faceForensics() throws IOException {
    copy("Face/v_Face_g01_c01.mp4", "train/000.mp4");
    copy("Face/v_Face_g02_c01.mp4", "train/001.mp4");
    copy("Face/v_Face_g02_c01.mp4", "test/002.mp4");
    Manifest manifest = encode("faceforensics", Map.of());
    assertThat(videos(manifest)).containsOnly("train/000.mp4", "train/001.mp4");
    assertThat(manifest.frames()).isEqualTo(200);
    assertThat(manifest.rows()).isEqualTo(4); // mirrored ones too
    assertRoundTrip("faceforensics", manifest);
    assertTrains("faceforensics");
  }

  @Test
  void skyTimelapse() throws IOException {
    frames("Ocean/v_Ocean_g01_c01.mp4", "sky_train/a/a_1", "a_1_%d.jpg");
    frames("Ocean/v_Ocean_g02_c01.mp4", "sky_train/a/a_2", "a_2_%d.jpg");
    frames("Ocean/v_Ocean_g02_c01.mp4", "sky_test/b/b_1", "b_1_%d.jpg");
    Manifest manifest = encode("skytimelapse", Map.of());
    assertThat(videos(manifest)).containsOnly("sky_train/a/a_1", "sky_train/a/a_2");
    assertThat(manifest.frames()).isEqualTo(132);
    assertThat(manifest.rows()).isEqualTo(2);
    assertRoundTrip("skytimelapse", manifest);
    assertTrains("skytimelapse");
  }

  @Test
  void ucf101() throws IOException {
    copy("Cockatoo/v_Cockatoo_g01_c01.mp4", "Cockatoo/v_Cockatoo_g01_c01.mp4");
    copy("Cockatoo/v_Cockatoo_g01_c02.mp4", "Cockatoo/v_Cockatoo_g01_c02.mp4");
    copy("Cup/v_Cup_g01_c01.mp4", "Cup/v_Cup_g01_c01.mp4");
    Path lists = Files.createDirectory(directory.resolve("lists"));
    Files.writeString(
        lists.resolve("trainlist01.txt"),
        "Cockatoo/v_Cockatoo_g01_c02.mp4 1\nCup/v_Cup_g01_c01.mp4 2\n");
    Files.writeString(lists.resolve("testlist01.txt"), "Cockatoo/v_Cockatoo_g01_c01.mp4\n");
    Files.writeString(lists.resolve("classInd.txt"), "1 Cockatoo\n2 Cup\n");
    Manifest manifest = encode("ucf101", Map.of("source.lists", lists.toString()));
    assertThat(manifest.classes()).containsExactly("Cockatoo", "Cup");
    assertThat(manifest.files().stream().flatMap(file -> file.videos().stream()))
        .extracting(EncodedVideo::label, EncodedVideo::split)
        .containsExactly(tuple(0, "test"), tuple(0, "train"), tuple(1, "train"));
    assertRoundTrip("ucf101", manifest);
    assertTrains("ucf101");
  }

  @Test
  void taichi() throws IOException {
    frames("Cup/v_Cup_g02_c01.mp4", "train/yoga#00001", "%07d.png");
    copy("Face/v_Face_g01_c01.mp4", "train/yoga#00002.mp4");
    Manifest manifest = encode("taichi", Map.of());
    assertThat(videos(manifest)).containsOnly("train/yoga#00001", "train/yoga#00002.mp4");
    assertThat(manifest.frames()).isEqualTo(182);
    assertRoundTrip("taichi", manifest);
    assertTrains("taichi");
  }

  private Manifest encode(String dataSet, Map<String, String> changes) throws IOException {
    EncodeResult result =
        new EncodeJob(
                spark,
                directory.resolve("input").toString(),
                directory.resolve("shards").toString(),
                EncodeSettings.from(settings(dataSet, changes)),
                EncodeProgress.NONE)
            .execute();
    assertThat(result.manifest().rejected()).isEmpty();
    return result.manifest();
  }

  /** Rounds with the settings that ship, clips of 48 frames and images beside them. */
  private void assertTrains(String dataSet) throws IOException {
    Map<String, String> tiny =
        Map.ofEntries(
            Map.entry("model.depth", "2"),
            Map.entry("model.hidden-size", "16"),
            Map.entry("model.heads", "2"),
            Map.entry("model.patch-size", "4"),
            Map.entry("train.rounds", "2"),
            Map.entry("train.local-steps", "2"),
            Map.entry("train.batch-size", "1"),
            Map.entry("train.images", "2"));
    TrainResult result =
        new TrainJob(
                spark,
                settings(dataSet, tiny),
                new org.apache.hadoop.fs.Path(directory.resolve("shards").toUri()),
                new org.apache.hadoop.fs.Path(directory.resolve("run").toUri()))
            .execute();
    assertThat(result.rounds()).isEqualTo(2);
    assertThat(result.losses())
        .hasSize(2)
        .allSatisfy(l -> assertThat(l.loss()).isBetween(0.5, 2.0));
  }

  private static Settings settings(String dataSet, Map<String, String> changes) {
    Map<String, String> overrides = new HashMap<>(changes);
    overrides.put("encode.image-size", "64");
    overrides.put("encode.shard-videos", "1");
    return Settings.load(List.of(Path.of("../conf/datasets", dataSet + ".conf")), overrides);
  }

  private static List<String> videos(Manifest manifest) {
    return manifest.files().stream()
        .flatMap(file -> file.videos().stream())
        .map(EncodedVideo::source)
        .toList();
  }

  /** Decodes all rows that are not mirrored and compares them with the transformed frames. */
  private void assertRoundTrip(String dataSet, Manifest manifest) throws IOException {
    Settings settings = settings(dataSet, Map.of());
    FrameTransform transform = EncodeSettings.from(settings).recipe().transform();
    org.apache.hadoop.fs.Path input =
        new org.apache.hadoop.fs.Path(directory.resolve("input").toUri());
    Map<String, List<RgbImage>> originals = new HashMap<>();
    for (SourceVideo video : SourceSettings.from(settings).list(input, HADOOP).videos()) {
      originals.put(video.id(), images(video, transform));
    }
    List<RgbImage> expected = new ArrayList<>();
    List<RgbImage> decoded = new ArrayList<>();
    LatentShards shards =
        LatentShards.open(
            new org.apache.hadoop.fs.Path(directory.resolve("shards").toUri()), HADOOP);
    try (Autoencoder autoencoder = new DctAutoencoder(DctSettings.parse("dct-4-8-2"));
        ShardReader reader = shards.reader(1 << 20)) {
      for (int file = 0; file < manifest.files().size(); file++) {
        ShardFile shard = manifest.files().get(file);
        int row = 0;
        for (EncodedVideo video : shard.videos()) {
          for (SegmentRow segment : video.rows()) {
            if (!segment.flipped()) {
              decoded.addAll(decode(reader.segment(file, row), autoencoder));
              expected.addAll(originals.get(video.source()));
            }
            row++;
          }
        }
      }
    }
    assertThat(decoded).hasSameSizeAs(expected);
    double psnr = psnr(expected, decoded);
    System.out.printf("%s in miniature: round trip PSNR %.2f dB%n", dataSet, psnr);
    assertThat(psnr).isGreaterThan(30);
  }

  private static List<RgbImage> images(SourceVideo video, FrameTransform transform)
      throws IOException {
    List<RgbImage> images = new ArrayList<>();
    for (SourceFile file : video.files(HADOOP)) {
      try (VideoDecoder decoder = VideoDecoder.open(file.open(HADOOP))) {
        for (Optional<VideoFrame> f = decoder.next(); f.isPresent(); f = decoder.next()) {
          images.add(transform.apply(f.get().image()));
        }
      }
    }
    return images;
  }

  private static List<RgbImage> decode(LatentSegment segment, Autoencoder autoencoder) {
    List<RgbImage> images = new ArrayList<>();
    for (int frame = 0; frame < segment.shape().frames(); frame++) {
      float[] image =
          autoencoder.decode(
              segment.means(frame), 1, segment.shape().height(), segment.shape().width());
      images.add(RgbImage.fromPlanar(image, 0, 64, 64));
    }
    return images;
  }

  private static double psnr(List<RgbImage> expected, List<RgbImage> actual) {
    double squares = 0;
    long count = 0;
    for (int i = 0; i < expected.size(); i++) {
      byte[] a = expected.get(i).pixels();
      byte[] b = actual.get(i).pixels();
      for (int j = 0; j < a.length; j++) {
        double difference = (a[j] & 255) - (b[j] & 255);
        squares += difference * difference;
      }
      count += a.length;
    }
    return 10 * Math.log10(255.0 * 255.0 * count / squares);
  }

  private void copy(String excerpt, String name) throws IOException {
    Path target = directory.resolve("input").resolve(name);
    Files.createDirectories(target.getParent());
    Files.write(target, Files.readAllBytes(EXCERPTS.resolve(excerpt)));
  }

  /** An excerpt as a folder of frames, numbered from 1. */
  private void frames(String excerpt, String folder, String format) throws IOException {
    Path target = Files.createDirectories(directory.resolve("input").resolve(folder));
    try (VideoDecoder decoder = VideoDecoder.open(EXCERPTS.resolve(excerpt))) {
      for (Optional<VideoFrame> f = decoder.next(); f.isPresent(); f = decoder.next()) {
        RgbImage image = f.get().image();
        BufferedImage picture =
            new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.height(); y++) {
          for (int x = 0; x < image.width(); x++) {
            picture.setRGB(x, y, image.rgb(x, y));
          }
        }
        Path file = target.resolve(format.formatted(f.get().index() + 1));
        String type = format.substring(format.length() - 3);
        assertThat(ImageIO.write(picture, type, file.toFile())).isTrue();
      }
    }
  }
}
