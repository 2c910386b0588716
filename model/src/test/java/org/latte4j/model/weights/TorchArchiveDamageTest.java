package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives and pickles put together by hand, so that they can be wrong. */
class TorchArchiveDamageTest {
  private static final byte[] TWO_FLOATS = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};

  @TempDir Path folder;

  /** A pickle of {"a": tensor}; numbers are single bytes. */
  private static String tensor(int numel, int offset, int size, int stride) {
    return "\u0080\u0002}X\1\0\0\0actorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\n"
        + "FloatStorage\nX\1\0\0\0000X\3\0\0\0cpuK"
        + (char) numel
        + "tQK"
        + (char) offset
        + "K"
        + (char) size
        + "\u0085K"
        + (char) stride
        + "\u0085\u0089ccollections\nOrderedDict\n)RtRs.";
  }

  private Path archive(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("test.pt");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static byte[] bytes(String pickle) {
    return pickle.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Path archive(String pickle) throws IOException {
    return archive(Map.of("test/data.pkl", bytes(pickle), "test/data/0", TWO_FLOATS));
  }

  @Test
  void theHandMadeArchiveItselfIsRead() throws IOException {
    try (TorchCheckpoint torch = TorchCheckpoint.open(archive(tensor(2, 0, 2, 1)), Part.MODEL)) {
      assertThat(torch.floats("a")).containsExactly(1, 2);
    }
  }

  @Test
  void valuesThatAreNoneDoNoHarm() throws IOException {
    String withNone = tensor(2, 0, 2, 1).replaceAll("\\.$", "X\1\0\0\0bNs.");
    try (TorchCheckpoint torch = TorchCheckpoint.open(archive(withNone), Part.MODEL)) {
      assertThat(torch.names()).containsExactly("a");
    }
  }

  @Test
  void bigEndianArchivesAreRead() throws IOException {
    byte[] bigEndian = {0x3f, (byte) 0x80, 0, 0, 0x40, 0, 0, 0};
    Path file =
        archive(
            Map.of(
                "test/data.pkl",
                bytes(tensor(2, 0, 2, 1)),
                "test/data/0",
                bigEndian,
                "test/byteorder",
                bytes("big")));
    try (TorchCheckpoint torch = TorchCheckpoint.open(file, Part.MODEL)) {
      assertThat(torch.floats("a")).containsExactly(1, 2);
    }
  }

  static Stream<Arguments> pickles() {
    return Stream.of(
        Arguments.of("empty", "", "cannot be read"),
        Arguments.of("cutShort", tensor(2, 0, 2, 1).substring(0, 60), "cannot be read"),
        Arguments.of(
            "reachesPastItsStorage", tensor(2, 1, 2, 1), "reaches to value 2 of storage 0"),
        Arguments.of(
            "stridesPastItsStorage", tensor(2, 0, 2, 2), "reaches to value 2 of storage 0"),
        Arguments.of("storageOfAnotherSize", tensor(3, 0, 2, 1), "has 8; copy"),
        Arguments.of(
            "textLongerThanTheFile", "\u0080\u0002X\u00ff\u00ff\u00ff\u007fa.", "2147483647 bytes"),
        Arguments.of(
            "textOfNegativeLength", "\u0080\u0002X\u00ff\u00ff\u00ff\u00ffa.", "4294967295 bytes"),
        Arguments.of("unknownClass", "\u0080\u0002cos\nsystem\n.", "names os.system"),
        Arguments.of(
            "classByStackGlobal", "\u0080\u0004\u008c\2os\u008c\6system\u0093.", "names os.system"),
        Arguments.of(
            "classThatTheLibraryBuilds",
            "\u0080\u0002cdatetime\ndatetime\n.",
            "names datetime.datetime"),
        Arguments.of("classByInst", "(ios\nsystem\n.", "operation 0x69"),
        Arguments.of("classByObj", "(cos\nsystem\no.", "names os.system"),
        Arguments.of("classByExtension", "\u0080\u0002\u0082\1.", "operation 0x82"),
        Arguments.of("textPersistentId", "Pstorage\n.", "operation 0x50"),
        Arguments.of("unknownPersistentId", "\u0080\u0002)Q.", "unknown persistent id"),
        Arguments.of("listAsKey", "\u0080\u0002}]Ns.", "neither text nor number"),
        Arguments.of("calledStorage", "\u0080\u0002ctorch\nFloatStorage\n)R.", "called"),
        Arguments.of("calledText", "\u0080\u0002X\1\0\0\0a)R.", "cannot be read"),
        Arguments.of("emptyStack", "\u0080\u0002R.", "cannot be read"),
        Arguments.of(
            "tensorOfNothing",
            "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n)R.",
            "cannot be read"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pickles")
  void damagedAndHostilePicklesAreRefusedByName(String damage, String pickle, String message)
      throws IOException {
    Path file = archive(pickle);
    assertThatThrownBy(() -> TorchCheckpoint.open(file, Part.MODEL))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void aMissingStorageIsNamed() throws IOException {
    Path file = archive(Map.of("test/data.pkl", bytes(tensor(2, 0, 2, 1))));
    assertThatThrownBy(() -> TorchCheckpoint.open(file, Part.MODEL))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("array 'a' needs 8 bytes in entry data/0, which is missing");
  }

  @Test
  void otherZipArchivesAreRefused() throws IOException {
    Path file = archive(Map.of("arr_0.npy", TWO_FLOATS));
    assertThatThrownBy(() -> TorchCheckpoint.open(file, Part.MODEL))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("0 entries data.pkl where one is expected");
  }

  @Test
  void unknownByteOrdersAreRefused() throws IOException {
    Path file =
        archive(
            Map.of("test/data.pkl", bytes(tensor(2, 0, 2, 1)), "test/byteorder", bytes("middle")));
    assertThatThrownBy(() -> TorchCheckpoint.open(file, Part.MODEL))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("'middle'");
  }
}
