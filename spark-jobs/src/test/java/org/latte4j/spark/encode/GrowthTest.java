package org.latte4j.spark.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ClipWindow;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.data.shard.ShardReader;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoDecoder;
import org.latte4j.data.video.VideoFormat;
import org.latte4j.data.video.VideoFrame;
import org.latte4j.data.video.VideoWriter;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.LocalSpark;

/** Data sets that grow, change, get damaged, and hold videos that are divided. */
class GrowthTest {
  private static final Path EXCERPTS =
      Path.of("../conf/demo/excerpts").toAbsolutePath().normalize();
  private static final String CUP = "Cup/v_Cup_g01_c01.mp4";
  private static final String FACE = "Face/v_Face_g01_c01.mp4";
  private static final String OCEAN = "Ocean/v_Ocean_g01_c01.mp4";

  private static JavaSparkContext spark;

  @TempDir Path directory;
  private Path input;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @BeforeEach
  void makeInput() throws IOException {
    input = Files.createDirectory(directory.resolve("videos"));
  }

  @Test
  void addedVideosAreEncodedIntoNewFilesAndTheRowsAreThoseOfAFreshRun() throws IOException {
    copy(CUP, CUP);
    copy(FACE, FACE);
    EncodeResult first = encode("grown", Map.of());
    copy(OCEAN, OCEAN);
    EncodeResult second = encode("grown", Map.of());
    assertThat(second.outcome()).isEqualTo(EncodeResult.Outcome.EXTENDED);
    assertThat(second.manifest().files()).containsAll(first.manifest().files());
    assertThat(second.manifest().files())
        .extracting(ShardFile::name)
        .endsWith("part-g0001-00000-of-00001.parquet");
    assertThat(rows("grown")).isEqualTo(rows(encode("fresh", Map.of())));
  }

  @Test
  void aChangedVideoIsEncodedAgainWithItsFile() throws IOException {
    copy(CUP, CUP);
    copy(FACE, FACE);
    copy(OCEAN, OCEAN);
    encode("changed", Map.of());
    copy("Cup/v_Cup_g02_c01.mp4", FACE);
    EncodeResult second = encode("changed", Map.of());
    assertThat(second.outcome()).isEqualTo(EncodeResult.Outcome.EXTENDED);
    assertThat(rows("changed")).isEqualTo(rows(encode("fresh", Map.of())));
    assertThat(encode("changed", Map.of()).outcome())
        .isEqualTo(EncodeResult.Outcome.ALREADY_FINISHED);
  }

  @Test
  void aVideoThatWasOnlyTouchedIsTheSameByItsContent() throws IOException {
    copy(CUP, CUP);
    Map<String, String> byContent = Map.of("source.identity", "content");
    encode("content", byContent);
    Files.setLastModifiedTime(input.resolve(CUP), FileTime.fromMillis(1000));
    assertThat(encode("content", byContent).outcome())
        .isEqualTo(EncodeResult.Outcome.ALREADY_FINISHED);
  }

  @Test
  void aDamagedFileIsFoundByItsChecksumAndEncodedAlone() throws IOException {
    copy(CUP, CUP);
    copy(FACE, FACE);
    copy(OCEAN, OCEAN);
    EncodeResult first = encode("damaged", Map.of());
    ShardFile file = first.manifest().files().get(1);
    Path path = directory.resolve("damaged").resolve(file.name());
    Path other = directory.resolve("damaged").resolve(first.manifest().files().get(0).name());
    FileTime written = Files.getLastModifiedTime(other);
    Files.deleteIfExists(path.resolveSibling("." + file.name() + ".crc"));
    flipAByte(path);
    assertThatThrownBy(() -> shards("damaged").verifyContents())
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContainingAll(file.name(), "encode.verify=checksums");
    EncodeResult second = encode("damaged", Map.of("encode.verify", "checksums"));
    assertThat(second.repaired()).containsExactly(file.name());
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(Files.getLastModifiedTime(other)).isEqualTo(written);
    shards("damaged").verifyContents();
  }

  @Test
  void aMissingFileIsEncodedAlone() throws IOException {
    copy(CUP, CUP);
    copy(FACE, FACE);
    EncodeResult first = encode("missing", Map.of());
    String name = first.manifest().files().get(0).name();
    Files.delete(directory.resolve("missing").resolve(name));
    EncodeResult second = encode("missing", Map.of());
    assertThat(second.repaired()).containsExactly(name);
    assertThat(second.manifest()).isEqualTo(first.manifest());
  }

  @Test
  void aDividedVideoHasTheRowsOfTheUndividedOne() throws IOException {
    longVideo("Face/long.mp4");
    copy(CUP, CUP);
    EncodeResult whole = encode("whole", Map.of("encode.mirroring", "both"));
    EncodeResult divided =
        encode(
            "divided",
            Map.of(
                "encode.mirroring",
                "both",
                "encode.split-bytes",
                "0",
                "encode.split-frames",
                "80"));
    assertThat(divided.manifest().files()).hasSizeGreaterThan(3);
    assertThat(divided.manifest().rejected()).isEmpty();
    assertThat(divided.manifest().frames()).isEqualTo(whole.manifest().frames());
    assertThat(divided.manifest().videos()).isEqualTo(2);
    assertThat(rows("divided")).isEqualTo(rows("whole"));
    assertThat(clips("divided")).isDeepEqualTo(clips("whole"));
  }

  @Test
  void aPartOfADividedVideoIsRepairedAlone() throws IOException {
    longVideo("Face/long.mp4");
    Map<String, String> dividing = Map.of("encode.split-bytes", "0", "encode.split-frames", "80");
    EncodeResult first = encode("divided", dividing);
    String name = first.manifest().files().get(1).name();
    Files.delete(directory.resolve("divided").resolve(name));
    EncodeResult second = encode("divided", dividing);
    assertThat(second.repaired()).containsExactly(name);
    assertThat(second.manifest()).isEqualTo(first.manifest());
  }

  @Test
  void aDamagedLongVideoIsRejectedAsItIsUndivided() throws IOException {
    longVideo("Face/long.mp4");
    copy(CUP, CUP);
    Path file = input.resolve("Face/long.mp4");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 2000, (byte) 0);
    Files.write(file, bytes);
    Map<String, String> lenient = new TreeMap<>(Map.of("encode.max-rejected-share", "0.5"));
    EncodeResult whole = encode("whole", lenient);
    lenient.putAll(Map.of("encode.split-bytes", "0", "encode.split-frames", "80"));
    EncodeResult divided = encode("divided", lenient);
    assertThat(divided.manifest().rejected()).isEqualTo(whole.manifest().rejected()).hasSize(1);
    assertThat(rows("divided")).isEqualTo(rows("whole"));
  }

  @Test
  void compactionKeepsTheRowsAndWhatIsCompactedCanGrow() throws IOException {
    longVideo("Face/long.mp4");
    copy(CUP, CUP);
    Map<String, String> dividing = Map.of("encode.split-bytes", "0", "encode.split-frames", "80");
    EncodeResult before = encode("compacted", dividing);
    Map<String, List<Byte>> rows = rows("compacted");
    CompactJob.Result after = compact("compacted", Long.MAX_VALUE);
    assertThat(after.filesBefore()).isEqualTo(before.manifest().files().size()).isGreaterThan(2);
    assertThat(after.manifest().files()).hasSize(1);
    assertThat(after.manifest().videos()).isEqualTo(2);
    assertThat(after.manifest().frames()).isEqualTo(before.manifest().frames());
    assertThat(rows("compacted")).isEqualTo(rows);
    assertThat(parquetFiles("compacted")).hasSize(1);
    assertThat(encode("compacted", dividing).outcome())
        .isEqualTo(EncodeResult.Outcome.ALREADY_FINISHED);
    copy(OCEAN, OCEAN);
    assertThat(encode("compacted", dividing).manifest().videos()).isEqualTo(3);
    assertThat(compact("compacted", 1).filesBefore()).isEqualTo(2);
  }

  private CompactJob.Result compact(String folder, long fileBytes) throws IOException {
    return new CompactJob(spark, directory.resolve(folder).toString(), fileBytes).execute();
  }

  private List<String> parquetFiles(String folder) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".parquet"))
          .toList();
    }
  }

  private EncodeResult encode(String output, Map<String, String> changes) throws IOException {
    Map<String, String> overrides = new TreeMap<>();
    overrides.put("source.layout", "folder");
    overrides.put("encode.image-size", "32");
    overrides.put("encode.autoencoder", "dct-4-3-1");
    overrides.put("encode.segment-frames", "40");
    overrides.put("encode.segment-overlap", "15");
    overrides.put("encode.shard-videos", "2");
    overrides.putAll(changes);
    return new EncodeJob(
            spark,
            input.toString(),
            directory.resolve(output).toString(),
            EncodeSettings.from(Settings.load(List.of(), overrides)),
            EncodeProgress.NONE)
        .execute();
  }

  private LatentShards shards(String output) throws IOException {
    return LatentShards.open(
        new org.apache.hadoop.fs.Path(directory.resolve(output).toUri()), new Configuration());
  }

  private Map<String, List<Byte>> rows(EncodeResult result) throws IOException {
    return rows(Path.of(result.folder()).getFileName().toString());
  }

  /** Moments by row id. */
  private Map<String, List<Byte>> rows(String output) throws IOException {
    Map<String, List<Byte>> rows = new TreeMap<>();
    LatentShards shards = shards(output);
    shards.verifyContents();
    List<ShardFile> files = shards.manifest().files();
    try (ShardReader reader = shards.reader(1 << 24)) {
      for (int file = 0; file < files.size(); file++) {
        for (int row = 0; row < files.get(file).rows(); row++) {
          LatentSegment segment = reader.segment(file, row);
          List<Byte> moments = new ArrayList<>();
          for (byte value : segment.moments()) {
            moments.add(value);
          }
          assertThat(rows.put(segment.id(), moments)).as(segment.id()).isNull();
        }
      }
    }
    return rows;
  }

  /** Clips that training draws from the long video. */
  private float[][] clips(String output) throws IOException {
    LatentShards shards = shards(output);
    Manifest manifest = shards.manifest();
    ClipCatalog catalog = ClipCatalog.of(manifest, new ClipWindow(8, 2));
    int video = catalog.video(0).source().equals("Face/long.mp4") ? 0 : 1;
    float[][] clips = new float[30][];
    try (ClipReader reader = new ClipReader(shards, catalog, 1, 1 << 24)) {
      for (int visit = 0; visit < clips.length; visit++) {
        clips[visit] = new float[reader.shape().length()];
        reader.read(new TrainingPlan.Visit(visit, 0, video), clips[visit], 0);
      }
    }
    return clips;
  }

  private void copy(String excerpt, String name) throws IOException {
    Path target = input.resolve(name);
    Files.createDirectories(target.getParent());
    Files.write(target, Files.readAllBytes(EXCERPTS.resolve(excerpt)));
  }

  /** Four excerpts one after the other, with a key frame every twelve frames. */
  private void longVideo(String name) throws IOException {
    Path target = input.resolve(name);
    Files.createDirectories(target.getParent());
    try (VideoWriter writer = VideoWriter.create(target, VideoFormat.MP4, 128, 96, 25)) {
      for (String excerpt : List.of(FACE, OCEAN, CUP, "Face/v_Face_g02_c01.mp4")) {
        for (RgbImage image : images(EXCERPTS.resolve(excerpt))) {
          writer.write(image);
        }
      }
      writer.finish();
    }
  }

  private static List<RgbImage> images(Path file) throws IOException {
    List<RgbImage> images = new ArrayList<>();
    try (VideoDecoder decoder = VideoDecoder.open(file)) {
      for (Optional<VideoFrame> f = decoder.next(); f.isPresent(); f = decoder.next()) {
        images.add(f.get().image());
      }
    }
    return images;
  }

  private static void flipAByte(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int value = file.read();
      file.seek(file.length() / 2);
      file.write(value ^ 1);
    }
  }
}
