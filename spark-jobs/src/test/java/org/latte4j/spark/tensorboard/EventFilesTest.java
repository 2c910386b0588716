package org.latte4j.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.protobuf.UnknownFieldSet;

class EventFilesTest {
  @TempDir Path folder;

  @Test
  void fileBeginsWithTheBytesOfTensorFlowsOwnFiles() throws IOException {
    byte[] record = TfRecord.frame(Events.fileVersion(0));
    // Length 24 and its checksum: the first bytes of every file that TensorFlow writes.
    assertThat(HexFormat.of().formatHex(record, 0, 13)).isEqualTo("1800000000000000a37f4b2209");
    assertThat(new String(record, 21, 15, java.nio.charset.StandardCharsets.ISO_8859_1))
        .isEqualTo("\u001a\rbrain.Event:2");
  }

  @Test
  void checksumIsRfc3720sMasked() {
    // RFC 3720, B.4: 32 bytes of zeros have the CRC-32C 8a9136aa.
    int unmasked = Integer.rotateLeft(TfRecord.maskedChecksum(new byte[32], 32) - 0xa282ead8, 15);
    assertThat(unmasked).isEqualTo(0x8a9136aa);
  }

  @Test
  void scalarsAreReadBackAsTheyWereWritten() throws IOException {
    try (EventFiles files = EventFiles.in(hadoop(folder), new Configuration())) {
      files.scalars(12, Map.of("train/loss", 0.25));
    }
    List<UnknownFieldSet> events = events(onlyFile());
    assertThat(events).hasSize(2);
    UnknownFieldSet event = events.get(1);
    assertThat(event.getField(2).getVarintList()).containsExactly(12L);
    UnknownFieldSet value = message(message(event, 5), 1);
    assertThat(value.getField(1).getLengthDelimitedList().get(0).toStringUtf8())
        .isEqualTo("train/loss");
    assertThat(Float.intBitsToFloat(value.getField(2).getFixed32List().get(0))).isEqualTo(0.25f);
  }

  @Test
  void whatWasFlushedCanBeReadWhileTheFileIsOpen() throws IOException {
    try (EventFiles files = EventFiles.in(hadoop(folder), new Configuration())) {
      files.scalars(1, Map.of("train/loss", 0.5));
      files.flush();
      assertThat(events(onlyFile())).hasSize(2);
    }
  }

  @Test
  void noChecksumFileLiesInTheFolderForTensorBoardToTripOver() throws IOException {
    try (EventFiles files = EventFiles.in(hadoop(folder), new Configuration())) {
      files.scalars(1, Map.of("train/loss", 0.5));
    }
    assertThat(list()).hasSize(1);
  }

  @Test
  void pictureIsWrittenAsPngWithItsSize() throws IOException {
    try (EventFiles files = EventFiles.in(hadoop(folder), new Configuration())) {
      files.image(3, "samples", new BufferedImage(7, 5, BufferedImage.TYPE_INT_RGB));
    }
    UnknownFieldSet image = message(message(message(events(onlyFile()).get(1), 5), 1), 4);
    assertThat(image.getField(1).getVarintList()).containsExactly(5L);
    assertThat(image.getField(2).getVarintList()).containsExactly(7L);
    byte[] png = image.getField(4).getLengthDelimitedList().get(0).toByteArray();
    assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(7);
  }

  @Test
  void sessionThatGoesOnSaysFromWhichStep() throws IOException {
    try (EventFiles files = EventFiles.in(hadoop(folder), new Configuration())) {
      files.continueFrom(40);
    }
    UnknownFieldSet event = events(onlyFile()).get(1);
    assertThat(event.getField(2).getVarintList()).containsExactly(40L);
    assertThat(message(event, 7).getField(1).getVarintList()).containsExactly(1L);
  }

  @Test
  void whereOpenFilesCannotBeReadTheyAreClosedWhenOld() throws IOException {
    Now clock = new Now();
    FileSystem store = new OpaqueWhileOpen();
    store.initialize(folder.toUri(), new Configuration());
    try (EventFiles files = new EventFiles(hadoop(folder), store, clock)) {
      files.scalars(1, Map.of("train/loss", 0.5));
      files.flush();
      assertThat(list()).hasSize(1);
      clock.instant = clock.instant.plus(EventFiles.ROLL_AFTER);
      files.flush();
      files.scalars(2, Map.of("train/loss", 0.4));
    }
    List<Path> written = list();
    assertThat(written).hasSize(2);
    assertThat(events(written.get(0))).hasSize(2);
    assertThat(events(written.get(1))).hasSize(2);
  }

  /** Unframes records, comparing both checksums. */
  private static List<UnknownFieldSet> events(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<UnknownFieldSet> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] head = new byte[8];
      bytes.get(head);
      assertThat(bytes.getInt()).isEqualTo(masked(head));
      byte[] data = new byte[(int) ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(data);
      assertThat(bytes.getInt()).isEqualTo(masked(data));
      events.add(UnknownFieldSet.parseFrom(data));
    }
    return events;
  }

  /** As TensorFlow's documentation has it: ((crc >> 15) | (crc << 17)) + 0xa282ead8. */
  private static int masked(byte[] data) {
    CRC32C sum = new CRC32C();
    sum.update(data);
    long crc = sum.getValue();
    return (int) (((crc >>> 15) | (crc << 17)) + 0xa282ead8L);
  }

  private static UnknownFieldSet message(UnknownFieldSet parent, int field) throws IOException {
    return UnknownFieldSet.parseFrom(parent.getField(field).getLengthDelimitedList().get(0));
  }

  private Path onlyFile() throws IOException {
    assertThat(list()).hasSize(1);
    return list().get(0);
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static org.apache.hadoop.fs.Path hadoop(Path path) {
    return new org.apache.hadoop.fs.Path(path.toUri());
  }

  private static final class Now extends Clock {
    private Instant instant = Instant.ofEpochSecond(1_700_000_000);

    @Override
    public Instant instant() {
      return instant;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  /** The local disk, but with streams that cannot flush to readers, like an object store's. */
  private static final class OpaqueWhileOpen extends RawLocalFileSystem {
    @Override
    public FSDataOutputStream create(
        org.apache.hadoop.fs.Path path,
        boolean overwrite,
        int bufferSize,
        short replication,
        long blockSize,
        Progressable progress)
        throws IOException {
      FSDataOutputStream out =
          super.create(path, overwrite, bufferSize, replication, blockSize, progress);
      return new FSDataOutputStream(out.getWrappedStream(), null) {
        @Override
        public boolean hasCapability(String capability) {
          return false;
        }
      };
    }
  }
}
