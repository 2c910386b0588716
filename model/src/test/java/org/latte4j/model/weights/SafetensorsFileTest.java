package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.Golden;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void namesShapesAndTypesComeFromTheHeader() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(Golden.path("cfg2.fixture.safetensors"))) {
      assertThat(file.names()).contains("x", "t", "y", "out");
      assertThat(file.shape("x")).containsExactly(4, 4, 4, 8, 8);
      assertThat(file.type("x")).isEqualTo(ElementType.F32);
      assertThat(file.type("t")).isEqualTo(ElementType.I64);
      assertThat(file.contains("x")).isTrue();
      assertThat(file.contains("z")).isFalse();
    }
  }

  @Test
  void metadataIsRead() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(Golden.path("cfg2.fixture.safetensors"))) {
      assertThat(file.metadata()).containsEntry("cfg_scale", "7.0");
    }
  }

  @Test
  void wholeNumbersAreRead() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(Golden.path("cfg2.training.safetensors"))) {
      assertThat(file.longs("t")).containsExactly(0, 1, 500, 999);
    }
  }

  @Test
  void doublePrecisionIsKept() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(Golden.path("diffusion_tables.safetensors"))) {
      double[] betas = file.doubles("r1000.betas");
      assertThat(betas).hasSize(1000);
      assertThat(betas[0]).isEqualTo(9.999999999998899e-5);
      assertThat(betas[999]).isEqualTo(0.020000000000000018);
      assertThat(file.floats("r1000.betas")[0]).isEqualTo(9.999999999998899e-5f);
    }
  }

  @Test
  void arraysLongerThanTheReadersChunkAreRead() throws IOException {
    int length = 200_001;
    ByteBuffer values = ByteBuffer.allocate(length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < length; i++) {
      values.putFloat(i);
    }
    byte[] bytes =
        SafetensorsBytes.of(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[200001],\"data_offsets\":[0,800004]}}",
            values.array());
    try (SafetensorsFile file = SafetensorsFile.open(SafetensorsBytes.write(folder, bytes))) {
      float[] read = file.floats("a");
      for (int i = 0; i < length; i++) {
        assertThat(read[i]).isEqualTo(i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F64, 000000000000f83f 00000000000000c0",
    "F32, 0000c03f 000000c0",
    "F16, 003e 00c0",
    "BF16, c03f 00c0"
  })
  void everyFloatingTypeIsRead(String type, String hexadecimal) throws IOException {
    try (SafetensorsFile file = twoValues(type, hexadecimal)) {
      assertThat(file.floats("a")).containsExactly(1.5f, -2f);
      assertThat(file.doubles("a")).containsExactly(1.5, -2);
      assertThatThrownBy(() -> file.longs("a"))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("'a'")
          .hasMessageContaining(type);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "I64, feffffffffffffff 0300000000000000, -2, 3",
    "I32, feffffff 03000000, -2, 3",
    "I16, feff 0300, -2, 3",
    "I8, fe 03, -2, 3",
    "U64, feffffff00000000 0300000000000000, 4294967294, 3",
    "U32, feffffff 03000000, 4294967294, 3",
    "U16, feff 0300, 65534, 3",
    "U8, fe 03, 254, 3",
    "BOOL, 00 01, 0, 1"
  })
  void everyTypeOfWholeNumbersIsRead(String type, String hexadecimal, long first, long second)
      throws IOException {
    try (SafetensorsFile file = twoValues(type, hexadecimal)) {
      assertThat(file.longs("a")).containsExactly(first, second);
      assertThatThrownBy(() -> file.floats("a"))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("'a'")
          .hasMessageContaining(type);
    }
  }

  private SafetensorsFile twoValues(String type, String hexadecimal) throws IOException {
    byte[] values = HexFormat.of().parseHex(hexadecimal.replace(" ", ""));
    String header =
        "{\"a\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[0,%d]}}"
            .formatted(type, values.length);
    return SafetensorsFile.open(
        SafetensorsBytes.write(folder, SafetensorsBytes.of(header, values)));
  }

  @Test
  void numbersTooLargeForALongAreRefused() throws IOException {
    try (SafetensorsFile file = twoValues("U64", "ffffffffffffffff 0000000000000000")) {
      assertThatThrownBy(() -> file.longs("a"))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("18446744073709551615");
    }
  }

  @Test
  void scalarsAndEmptyArraysAreRead() throws IOException {
    String header =
        "{\"empty\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]},"
            + "\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}  ";
    byte[] bytes = SafetensorsBytes.of(header, new byte[] {0, 0, (byte) 0x80, 0x3f});
    try (SafetensorsFile file = SafetensorsFile.open(SafetensorsBytes.write(folder, bytes))) {
      assertThat(file.shape("scalar")).isEmpty();
      assertThat(file.floats("scalar")).containsExactly(1f);
      assertThat(file.shape("empty")).containsExactly(0, 3);
      assertThat(file.floats("empty")).isEmpty();
    }
  }

  @Test
  void namesAreInTheOrderOfTheValues() throws IOException {
    String header =
        "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
    byte[] bytes = SafetensorsBytes.of(header, new byte[] {7, 8});
    try (SafetensorsFile file = SafetensorsFile.open(SafetensorsBytes.write(folder, bytes))) {
      assertThat(file.names()).containsExactly("a", "b");
      assertThat(file.longs("b")).containsExactly(8);
      assertThat(file.longs("a")).containsExactly(7);
    }
  }

  @Test
  void unknownNamesAreRefused() throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(Golden.path("cfg2.fixture.safetensors"))) {
      assertThatThrownBy(() -> file.floats("nothing"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'nothing'")
          .hasMessageContaining("cfg2.fixture.safetensors");
    }
  }

  @Test
  void aFileThatShrinksAfterOpeningIsNoticed() throws IOException {
    Path path = folder.resolve("shrinking.safetensors");
    Files.copy(Golden.path("cfg2.fixture.safetensors"), path);
    try (SafetensorsFile file = SafetensorsFile.open(path);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(2000);
      assertThatThrownBy(() -> file.floats("x"))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("shrinking.safetensors")
          .hasMessageContaining("'x'");
    }
  }

  static Stream<Arguments> damages() {
    String good = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    byte[] eight = new byte[8];
    return Stream.of(
        Arguments.of("emptyFile", new byte[0], "it is empty"),
        Arguments.of("fourBytes", new byte[4], "cut short"),
        Arguments.of(
            "noise",
            "neither one nor the other".getBytes(StandardCharsets.UTF_8),
            "no weight file"),
        Arguments.of("zip", zip(), "is not a safetensors file: it is a zip archive"),
        Arguments.of(
            "gitPointer",
            "version https://git-lfs.github.com/spec/v1\noid".getBytes(StandardCharsets.UTF_8),
            "git lfs pull"),
        Arguments.of(
            "webPage", "<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8), "web page"),
        Arguments.of(
            "json", "{\"weight_map\": {}}".getBytes(StandardCharsets.UTF_8), "it is a JSON file"),
        Arguments.of(
            "hugeHeader",
            SafetensorsBytes.of(100_000_001L, good.getBytes(StandardCharsets.UTF_8), eight),
            "100000001 bytes"),
        Arguments.of(
            "negativeHeader",
            SafetensorsBytes.of(Long.MIN_VALUE, good.getBytes(StandardCharsets.UTF_8), eight),
            "9223372036854775808 bytes"),
        Arguments.of(
            "cutHeader",
            Arrays.copyOf(SafetensorsBytes.of(good, eight), 40),
            "cut short: its header takes"),
        Arguments.of(
            "cutValues", SafetensorsBytes.of(good, new byte[7]), "cut short: its arrays take"),
        Arguments.of("bytesBehind", SafetensorsBytes.of(good, new byte[9]), "1 bytes follow"),
        Arguments.of(
            "brokenJson", SafetensorsBytes.of(good.replace("]}}", "]}"), eight), "not valid JSON"),
        Arguments.of("textBehindJson", SafetensorsBytes.of(good + "x", eight), "not valid JSON"),
        Arguments.of(
            "duplicateName",
            SafetensorsBytes.of(good.replace("}}", "},\"a\":{}}"), eight),
            "Duplicate field 'a'"),
        Arguments.of(
            "entryIsNoObject", SafetensorsBytes.of("{\"a\":1}", eight), "array 'a' has no dtype"),
        Arguments.of(
            "unknownType",
            SafetensorsBytes.of(good.replace("F32", "F8_E4M3"), eight),
            "F8_E4M3, which is not read"),
        Arguments.of(
            "noShape",
            SafetensorsBytes.of(good.replace("shape", "sharp"), eight),
            "shape is missing"),
        Arguments.of(
            "negativeSize",
            SafetensorsBytes.of(good.replace("[2]", "[-2]"), eight),
            "-2, which is no size"),
        Arguments.of(
            "fractionalSize",
            SafetensorsBytes.of(good.replace("[2]", "[2.0]"), eight),
            "2.0, which is no size"),
        Arguments.of(
            "threeOffsets",
            SafetensorsBytes.of(good.replace("[0,8]", "[0,8,8]"), eight),
            "3 data_offsets"),
        Arguments.of(
            "shapeAndOffsetsDiffer",
            SafetensorsBytes.of(good.replace("[2]", "[3]"), eight),
            "takes 12 bytes"),
        Arguments.of(
            "overflowingShape",
            SafetensorsBytes.of(good.replace("[2]", "[2147483647,2147483647,2147483647]"), eight),
            "too large"),
        Arguments.of(
            "hole",
            SafetensorsBytes.of(good.replace("[0,8]", "[4,12]"), new byte[12]),
            "begins at byte 4"),
        Arguments.of(
            "overlap",
            SafetensorsBytes.of(
                good.replace(
                    "}}", "},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}"),
                new byte[12]),
            "'b' begins at byte 4 of the values, where the one before it ends at 8"),
        Arguments.of(
            "metadataIsNoObject",
            SafetensorsBytes.of("{\"__metadata__\":[]}", new byte[0]),
            "__metadata__"),
        Arguments.of(
            "metadataIsNoText",
            SafetensorsBytes.of("{\"__metadata__\":{\"k\":1}}", new byte[0]),
            "__metadata__.k"));
  }

  private static byte[] zip() {
    return new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0, 0, 0};
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void damagedFilesAreRefusedByName(String damage, byte[] bytes, String message)
      throws IOException {
    Path path = SafetensorsBytes.write(folder, bytes);
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(message);
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(Golden.path("cfg2.training.safetensors"));
    for (int length :
        new int[] {0, 1, 7, 8, 9, 100, 767, 768, 769, whole.length / 2, whole.length - 1}) {
      Path path = SafetensorsBytes.write(folder, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> SafetensorsFile.open(path))
          .as("%d bytes", length)
          .isInstanceOf(WeightFormatException.class);
    }
  }

  @Test
  void theChannelIsClosedIfOpeningFails() throws IOException {
    SeekableByteChannel channel = Files.newByteChannel(SafetensorsBytes.write(folder, new byte[3]));
    assertThatThrownBy(() -> SafetensorsFile.open(channel, "s3a://bucket/file"))
        .hasMessageStartingWith("s3a://bucket/file");
    assertThat(channel.isOpen()).isFalse();
  }
}
