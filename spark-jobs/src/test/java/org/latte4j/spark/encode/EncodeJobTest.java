package org.latte4j.spark.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.StandaloneCluster;

class EncodeJobTest {
  private static final Path EXCERPTS = Path.of("../conf/demo/excerpts").toAbsolutePath();
  private static final List<String> SAMPLES =
      List.of("Cup/v_Cup_g01_c01.mp4", "Face/v_Face_g01_c01.mp4", "Ocean/v_Ocean_g01_c01.mp4");

  @TempDir Path directory;

  @Test
  void filesAreTheSameBytesOnOneThreadAndOnTwo() throws IOException {
    Path input = copySamples();
    encodeOn("local[1]", input, directory.resolve("one"), Map.of());
    encodeOn("local[2]", input, directory.resolve("two"), Map.of());
    Map<String, byte[]> one = files(directory.resolve("one"));
    Map<String, byte[]> two = files(directory.resolve("two"));
    assertThat(one.keySet())
        .containsExactly(
            "_manifest.json", "part-00000-of-00002.parquet", "part-00001-of-00002.parquet");
    assertThat(two.keySet()).isEqualTo(one.keySet());
    one.forEach((name, bytes) -> assertThat(two.get(name)).as(name).isEqualTo(bytes));
  }

  @Test
  void filesAreTheSameBytesOnTwoExecutorsAndOnFour() throws IOException {
    Path input = copySamples();
    Map<String, String> oneFileEach = Map.of("encode.shard-videos", "1");
    encodeOn("local[2]", input, directory.resolve("threads"), oneFileEach);
    Map<String, byte[]> threads = files(directory.resolve("threads"));
    assertThat(threads).hasSize(1 + SAMPLES.size());
    try (StandaloneCluster cluster = StandaloneCluster.start(4, 1)) {
      for (String executors : List.of("2", "4")) {
        Path output = directory.resolve(executors);
        SparkConf conf = cluster.conf().set("spark.cores.max", executors);
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
          encode(spark, input, output, oneFileEach);
        }
        Map<String, byte[]> processes = files(output);
        assertThat(new String(processes.get("_manifest.json"), StandardCharsets.UTF_8))
            .isEqualTo(new String(threads.get("_manifest.json"), StandardCharsets.UTF_8));
        assertThat(processes.keySet()).isEqualTo(threads.keySet());
        threads.forEach((name, bytes) -> assertThat(processes.get(name)).as(name).isEqualTo(bytes));
      }
    }
  }

  @Test
  void sparkReadsTheColumns() throws IOException {
    try (JavaSparkContext spark = start("local[2]")) {
      EncodeResult result = encode(spark, copySamples(), output(), Map.of());
      Dataset<Row> rows =
          SparkSession.builder()
              .sparkContext(spark.sc())
              .getOrCreate()
              .read()
              .parquet(output().toString());
      assertThat(rows.columns())
          .containsExactly(
              "id",
              "source",
              "label",
              "class_name",
              "split",
              "caption",
              "start",
              "frames",
              "channels",
              "height",
              "width",
              "scale",
              "fps",
              "flipped",
              "moments",
              "checksum");
      assertThat(rows.count()).isEqualTo(result.manifest().rows());
      Row row = rows.where("class_name = 'Face' and start = 0").first();
      assertThat(row.<String>getAs("id")).isEqualTo("Face/v_Face_g01_c01.mp4#0");
      assertThat(row.<Integer>getAs("label")).isEqualTo(1);
      assertThat(row.<String>getAs("split")).isEqualTo("train");
      assertThat(row.<byte[]>getAs("moments"))
          .hasSize(row.<Integer>getAs("frames") * row.<Integer>getAs("channels") * 8 * 8 * 2);
    }
  }

  @Test
  void whatIsEncodedCanBeTrainedOn() throws IOException {
    Manifest manifest =
        encodeOn("local[2]", copySamples(), output(), Map.of("encode.mirroring", "both"))
            .manifest();
    assertThat(manifest.classes()).containsExactly("Cup", "Face", "Ocean");
    assertThat(manifest.channelRanges()).hasSize(manifest.encoding().channels());
    LatentShards shards = LatentShards.open(hadoopPath(output()), new Configuration());
    shards.verifyContents();
    ClipCatalog catalog = ClipCatalog.of(manifest, new ClipWindow(8, 2), "train");
    TrainingPlan plan = new TrainingPlan(1, catalog.size(), 3, 1, 1);
    List<Integer> labels = new ArrayList<>();
    try (ClipReader reader = new ClipReader(shards, catalog, 1, 1 << 24)) {
      float[] clip = new float[reader.shape().length()];
      for (int worker = 0; worker < 3; worker++) {
        labels.add(reader.read(plan.visit(worker, 0, 0, 0), clip, 0));
      }
    }
    assertThat(labels).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void badInputIsListedAndTheRestIsEncoded() throws IOException {
    Path input = copySamples();
    Files.writeString(input.resolve("Cup/broken.avi"), "not a video");
    Files.createFile(input.resolve("Face/empty.mp4"));
    List<RejectedVideo> rejected =
        encodeOn("local[2]", input, output(), Map.of("encode.max-rejected-share", "0.5"))
            .manifest()
            .rejected();
    assertThat(rejected)
        .extracting(RejectedVideo::source)
        .containsExactly("Cup/broken.avi", "Face/empty.mp4");
    assertThat(rejected).allMatch(video -> !video.reason().isBlank());
  }

  @Test
  void aVideoThatIsTooShortIsListed() throws IOException {
    int frames = framesOfCup();
    Map<String, String> changes = new HashMap<>();
    changes.put("encode.segment-frames", "1000");
    changes.put("encode.minimum-frames", String.valueOf(frames + 1));
    changes.put("encode.max-rejected-share", "1");
    assertThatThrownBy(() -> encodeOn("local[1]", copyOf(SAMPLES.subList(0, 1)), output(), changes))
        .isInstanceOf(TooManyRejectedException.class)
        .hasMessageContaining("1 of 1 videos were rejected")
        .hasMessageContaining("too short: %d frames".formatted(frames));
  }

  @Test
  void tooManyBadInputsFailTheJobAndLeaveNoManifest() throws IOException {
    Path input = copySamples();
    Files.writeString(input.resolve("Cup/broken.avi"), "not a video");
    assertThatThrownBy(() -> encodeOn("local[2]", input, output(), Map.of()))
        .isInstanceOf(TooManyRejectedException.class)
        .hasMessageContaining("1 of 4 videos were rejected")
        .hasMessageContaining("encode.max-rejected-share = 0.1 allows 0")
        .hasMessageContaining("Cup/broken.avi: ");
    assertThatThrownBy(() -> LatentShards.open(hadoopPath(output()), new Configuration()))
        .isInstanceOf(ShardFormatException.class);
  }

  @Test
  void aFinishedJobRunAgainDoesNothing() throws IOException {
    Path input = copySamples();
    try (JavaSparkContext spark = start("local[2]")) {
      EncodeResult first = encode(spark, input, output(), Map.of());
      Map<String, byte[]> before = files(output());
      EncodeResult second = encode(spark, input, output(), Map.of("encode.batch-size", "3"));
      assertThat(first.outcome()).isEqualTo(EncodeResult.Outcome.ENCODED);
      assertThat(second.outcome()).isEqualTo(EncodeResult.Outcome.ALREADY_FINISHED);
      assertThat(second.manifest()).isEqualTo(first.manifest());
      assertThat(files(output()).keySet()).isEqualTo(before.keySet());
    }
  }

  @Test
  void otherSettingsForAFinishedFolderAreRefusedByName() throws IOException {
    Path input = copySamples();
    try (JavaSparkContext spark = start("local[2]")) {
      encode(spark, input, output(), Map.of());
      assertThatThrownBy(
              () -> encode(spark, input, output(), Map.of("encode.segment-overlap", "20")))
          .isInstanceOf(OutputConflictException.class)
          .hasMessageContaining("made with encode.segment-overlap = 15, and now it is 20");
    }
  }

  @Test
  void inputThatLacksAnEncodedVideoIsRefusedByName() throws IOException {
    Path input = copySamples();
    try (JavaSparkContext spark = start("local[2]")) {
      encode(spark, input, output(), Map.of());
      Files.copy(input.resolve(SAMPLES.get(0)), input.resolve("Cup/other.mp4"));
      Files.delete(input.resolve(SAMPLES.get(0)));
      assertThatThrownBy(() -> encode(spark, input, output(), Map.of()))
          .isInstanceOf(OutputConflictException.class)
          .hasMessageContaining(
              "made from %s too, which the input no longer holds".formatted(SAMPLES.get(0)));
    }
  }

  @Test
  void anInterruptedJobGoesOnWhereItStopped() throws IOException {
    Path input = copySamples();
    Path broken = input.resolve("Ocean/broken.avi");
    Files.writeString(broken, "not a video");
    try (JavaSparkContext spark = start("local[1]")) {
      assertThatThrownBy(() -> encode(spark, input, output(), Map.of()))
          .isInstanceOf(TooManyRejectedException.class);
      Path done = output().resolve("part-00000-of-00002.parquet");
      var written = Files.getLastModifiedTime(done);
      Files.writeString(output().resolve(".writing-3-part-00001-of-00002.parquet"), "half");
      Files.writeString(output().resolve("part-00007-of-00009.parquet"), "of other settings");
      EncodeResult result =
          encode(spark, input, output(), Map.of("encode.max-rejected-share", "0.5"));
      assertThat(result.manifest().rejected()).hasSize(1);
      assertThat(Files.getLastModifiedTime(done)).isEqualTo(written);
    }
    try (Stream<Path> left = Files.list(output())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .filteredOn(name -> !name.endsWith(".crc"))
          .containsExactlyInAnyOrder(
              "_manifest.json", "part-00000-of-00002.parquet", "part-00001-of-00002.parquet");
    }
  }

  @Test
  void progressCoversEveryVideo() throws IOException {
    List<Integer> done = new ArrayList<>();
    List<Long> frames = new ArrayList<>();
    try (JavaSparkContext spark = start("local[2]")) {
      EncodeResult result =
          new EncodeJob(
                  spark,
                  copySamples().toString(),
                  output().toString(),
                  settings(Map.of()),
                  (videos, total, decoded, rejected) -> {
                    done.add(videos);
                    frames.add(decoded);
                  })
              .execute();
      assertThat(done).hasSize(2).endsWith(3);
      assertThat(frames).endsWith(result.manifest().frames());
    }
  }

  @Test
  void anImageSizeThatTheAutoencoderCannotDivideIsRefused() throws IOException {
    Path input = copySamples();
    assertThatThrownBy(
            () -> encodeOn("local[1]", input, output(), Map.of("encode.image-size", "30")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("encode.image-size = 30: it must be a multiple of 4");
  }

  @Test
  void anUnknownAutoencoderIsRefused() throws IOException {
    Path input = copySamples();
    assertThatThrownBy(
            () -> encodeOn("local[1]", input, output(), Map.of("encode.autoencoder", "dct-4-99-2")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("encode.autoencoder = dct-4-99-2: ");
  }

  private Path output() {
    return directory.resolve("shards");
  }

  private Path copySamples() throws IOException {
    return copyOf(SAMPLES);
  }

  private Path copyOf(List<String> samples) throws IOException {
    Path input = directory.resolve("videos");
    for (String sample : samples) {
      Path target = input.resolve(sample);
      Files.createDirectories(target.getParent());
      Files.copy(EXCERPTS.resolve(sample), target, StandardCopyOption.REPLACE_EXISTING);
    }
    return input;
  }

  private int framesOfCup() throws IOException {
    Manifest manifest =
        encodeOn("local[1]", copyOf(SAMPLES.subList(0, 1)), directory.resolve("count"), Map.of())
            .manifest();
    return manifest.files().stream()
        .map(ShardFile::videos)
        .flatMap(List::stream)
        .mapToInt(EncodedVideo::frames)
        .sum();
  }

  private static EncodeResult encodeOn(
      String master, Path input, Path output, Map<String, String> changes) throws IOException {
    try (JavaSparkContext spark = start(master)) {
      return encode(spark, input, output, changes);
    }
  }

  private static EncodeResult encode(
      JavaSparkContext spark, Path input, Path output, Map<String, String> changes)
      throws IOException {
    return new EncodeJob(
            spark, input.toString(), output.toString(), settings(changes), EncodeProgress.NONE)
        .execute();
  }

  private static EncodeSettings settings(Map<String, String> changes) {
    Map<String, String> overrides = new HashMap<>();
    overrides.put("source.layout", "ucf101");
    overrides.put("encode.image-size", "32");
    overrides.put("encode.autoencoder", "dct-4-3-1");
    overrides.put("encode.segment-frames", "40");
    overrides.put("encode.segment-overlap", "15");
    overrides.put("encode.shard-videos", "2");
    overrides.putAll(changes);
    return EncodeSettings.from(Settings.load(List.of(), overrides));
  }

  /** Kryo, to show that nothing of ours depends on Spark's serialiser. */
  private static JavaSparkContext start(String master) {
    return new JavaSparkContext(
        new SparkConf()
            .setMaster(master)
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer"));
  }

  private static org.apache.hadoop.fs.Path hadoopPath(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.toList()) {
        if (!file.getFileName().toString().endsWith(".crc")) {
          files.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }
}
