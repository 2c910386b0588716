package org.latte4j.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.data.shard.ExampleShards.HADOOP;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentShardsTest {
  private static final long CACHE_BYTES = 1 << 20;

  @TempDir java.nio.file.Path directory;
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    folder = new Path(directory.toUri());
    ExampleShards.write(folder, new Segmentation(20, 7), List.of(false, true), -30, 8, 30, 14);
  }

  @Test
  void everyRowIsReadAsItWasWritten() throws IOException {
    LatentShards shards = LatentShards.open(folder, HADOOP);
    try (ShardReader reader = shards.reader(CACHE_BYTES)) {
      List<ShardFile> files = shards.manifest().files();
      for (int file = 0; file < files.size(); file++) {
        int row = 0;
        for (EncodedVideo video : files.get(file).videos()) {
          for (SegmentRow expected : video.rows()) {
            LatentSegment read = reader.segment(file, row++);
            LatentSegment written =
                ExampleShards.segment(
                    video.source(),
                    video.label(),
                    expected.start(),
                    expected.frames(),
                    expected.flipped(),
                    -30);
            assertThat(read).usingRecursiveComparison().isEqualTo(written);
          }
        }
      }
    }
  }

  @Test
  void rowsAreReadInAnyOrderWithACacheThatHoldsNone() throws IOException {
    LatentShards shards = LatentShards.open(folder, HADOOP);
    try (ShardReader reader = shards.reader(0)) {
      assertThat(reader.segment(0, 5).id()).isEqualTo("video1#13-flipped");
      assertThat(reader.segment(1, 0).id()).isEqualTo("video2#0");
      assertThat(reader.segment(0, 0).id()).isEqualTo("video0#0");
    }
  }

  @Test
  void everyRowIsVisitedInTheOrderOfTheManifest() throws IOException {
    List<String> visited = new ArrayList<>();
    LatentShards shards = LatentShards.open(folder, HADOOP);
    shards.forEach(segment -> visited.add(segment.id()));
    assertThat(visited)
        .hasSize((int) shards.manifest().rows())
        .startsWith("video0#0", "video0#0-flipped", "video1#0", "video1#0-flipped", "video1#13")
        .endsWith("video2#0", "video2#0-flipped");
  }

  @Test
  void momentsOfAFrameAreItsMeansAndLogVariances() {
    LatentSegment segment = ExampleShards.segment("video", 2, 5, 3, false, -7);
    float[] means = segment.means(1);
    assertThat(means).hasSize(segment.shape().frameLength());
    assertThat(means[0]).isEqualTo(ExampleShards.mean(2, 6, 0, false));
    assertThat(means[9]).isEqualTo(ExampleShards.mean(2, 6, 9, false));
    assertThat(segment.logVariances(2)).hasSize(means.length).containsOnly(-7);
    assertThatThrownBy(() -> segment.means(3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theSameSegmentsGiveTheSameBytes() throws IOException {
    Path again = new Path(folder, "again");
    Manifest second =
        ExampleShards.write(again, new Segmentation(20, 7), List.of(false, true), -30, 8, 30, 14);
    assertThat(second).isEqualTo(LatentShards.open(folder, HADOOP).manifest());
  }

  @Test
  void encodingsStandInOneOrderInEveryProcess() throws IOException {
    byte[] file = Files.readAllBytes(shard());
    int tail = file.length - 8;
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(tail);
    FileMetaData footer =
        Util.readFileMetaData(new ByteArrayInputStream(file, tail - length, length));
    assertThat(footer.getRow_groups()).isNotEmpty();
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        assertThat(column.getMeta_data().getEncodings())
            .hasSizeGreaterThan(1)
            .isSortedAccordingTo(Comparator.comparingInt(Encoding::getValue));
      }
    }
  }

  @Test
  void wholeFoldersAreVerified() throws IOException {
    LatentShards shards = LatentShards.open(folder, HADOOP);
    shards.verifyLengths();
    shards.verifyContents();
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(shard());
    assertRefused("part-00000-of-00002.parquet is missing");
  }

  @Test
  void aTruncatedFileIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(shard());
    replace(java.util.Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused(
        "part-00000-of-00002.parquet has " + (bytes.length - 1) + " bytes", "a truncated shard");
  }

  @Test
  void aFlippedBitAnywhereInTheFileIsFoundByFullVerification() throws IOException {
    byte[] bytes = Files.readAllBytes(shard());
    bytes[bytes.length / 2] ^= 1;
    replace(bytes);
    assertThatThrownBy(() -> LatentShards.open(folder, HADOOP).verifyContents())
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContaining("part-00000-of-00002.parquet has the SHA-256");
  }

  @Test
  void noFlippedBitInTheDataIsReadSilently() throws IOException {
    byte[] whole = Files.readAllBytes(shard());
    int undetected = 0;
    for (int position = 0; position < whole.length; position += 41) {
      byte[] bytes = whole.clone();
      bytes[position] ^= 0x10;
      replace(bytes);
      undetected += readsOtherRows() ? 1 : 0;
    }
    assertThat(undetected).isZero();
  }

  @Test
  void aShardWithOtherRowsThanTheManifestListsIsNoticed() throws IOException {
    Manifest manifest = ManifestFile.read(folder, HADOOP);
    ShardFile file = manifest.files().get(0);
    EncodedVideo video = file.videos().get(0);
    EncodedVideo other =
        new EncodedVideo("elsewhere", video.bytes(), "", 0, "train", video.frames(), video.rows());
    ShardFile listed =
        new ShardFile(
            file.name(), file.bytes(), file.sha256(), List.of(other, file.videos().get(1)));
    Manifest edited =
        new Manifest(
            manifest.encoding(),
            manifest.segmentation(),
            manifest.settings(),
            manifest.classes(),
            manifest.channelRanges(),
            List.of(listed, manifest.files().get(1)),
            manifest.rejected());
    try (ShardReader reader = LatentShards.of(folder, HADOOP, edited).reader(CACHE_BYTES)) {
      assertThatThrownBy(() -> reader.segment(0, 0))
          .isInstanceOf(ShardFormatException.class)
          .hasMessageContaining("part-00000-of-00002.parquet, row 0 holds")
          .hasMessageContaining("elsewhere");
    }
  }

  @Test
  void aWriterThatIsClosedBeforeCommitLeavesNothing() throws IOException {
    Path empty = new Path(folder, "empty");
    try (ShardWriter writer = ShardWriter.create(empty, "part-00000-of-00001.parquet", 0, HADOOP)) {
      writer.write(ExampleShards.segment("video", 0, 0, 5, false, -30));
    }
    assertThat(directory.resolve("empty")).isEmptyDirectory();
  }

  @Test
  void unfinishedFilesAreHiddenFromParquetReaders() throws IOException {
    Path half = new Path(folder, "half");
    String name = ShardWriter.fileName(0, 0, 1);
    try (ShardWriter writer = ShardWriter.create(half, name, 3, HADOOP);
        var listed = Files.list(directory.resolve("half"))) {
      writer.write(ExampleShards.segment("video", 0, 0, 5, false, -30));
      assertThat(listed.map(path -> path.getFileName().toString()))
          .isNotEmpty()
          .allMatch(ShardWriter::isTemporary)
          .allMatch(found -> found.startsWith("."));
    }
  }

  /** Whether all rows are read without complaint and one of them differs from what was written. */
  private boolean readsOtherRows() throws IOException {
    LatentShards shards = LatentShards.open(folder, HADOOP);
    try (ShardReader reader = shards.reader(CACHE_BYTES)) {
      for (int row = 0; row < shards.manifest().files().get(0).rows(); row++) {
        LatentSegment read = reader.segment(0, row);
        LatentSegment written =
            ExampleShards.segment(
                read.origin().source(),
                read.origin().label(),
                read.start(),
                read.shape().frames(),
                read.flipped(),
                -30);
        if (!java.util.Arrays.equals(written.moments(), read.moments())
            || !written.origin().equals(read.origin())) {
          return true;
        }
      }
      return false;
    } catch (ShardFormatException e) {
      return false;
    }
  }

  private void assertRefused(String... messageParts) throws IOException {
    LatentShards shards = LatentShards.open(folder, HADOOP);
    assertThatThrownBy(shards::verifyLengths)
        .isInstanceOf(ShardFormatException.class)
        .hasMessageContainingAll(messageParts);
    try (ShardReader reader = shards.reader(CACHE_BYTES)) {
      assertThatThrownBy(() -> reader.segment(0, 0))
          .isInstanceOf(ShardFormatException.class)
          .hasMessageContainingAll(messageParts);
    }
  }

  private java.nio.file.Path shard() {
    return directory.resolve("part-00000-of-00002.parquet");
  }

  private void replace(byte[] bytes) throws IOException {
    Files.deleteIfExists(directory.resolve(".part-00000-of-00002.parquet.crc"));
    Files.write(shard(), bytes);
  }
}
