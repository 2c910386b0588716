package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.Golden;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @Test
  void aGoldenFileWrittenAgainIsTheSameBitForBit() throws IOException {
    Path golden = Golden.path("cfg2hot.model.safetensors");
    Path copy = folder.resolve("copy.safetensors");
    try (SafetensorsFile source = SafetensorsFile.open(golden)) {
      SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
      for (String name : source.names()) {
        layout.array(name, source.type(name), source.shape(name));
      }
      SafetensorsWriter.save(
          copy,
          layout.build(),
          writer -> {
            for (String name : source.names()) {
              writer.write(name, source.floats(name));
            }
          });
    }
    assertThat(copy).hasSameBinaryContentAs(golden);
  }

  @Test
  void everyTypeComesBack() throws IOException {
    float[] values = new float[70_001];
    RandomStream.of(1, Purpose.NOISE).normals(values);
    Path path = folder.resolve("types.safetensors");
    SafetensorsLayout layout =
        SafetensorsLayout.builder()
            .array("f64", ElementType.F64, values.length)
            .array("i64", ElementType.I64, 3)
            .array("f32", ElementType.F32, values.length)
            .array("scalar", ElementType.F32)
            .array("empty", ElementType.F32, 0, 4)
            .array("f16", ElementType.F16, values.length)
            .array("bf16", ElementType.BF16, values.length)
            .build();
    SafetensorsWriter.save(
        path,
        layout,
        writer -> {
          writer.write("f64", values);
          writer.write("i64", new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE});
          writer.write("f32", values);
          writer.write("scalar", new float[] {-0f});
          writer.write("empty", new float[0]);
          writer.write("f16", values);
          writer.write("bf16", values);
        });
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.floats("f64")).isEqualTo(values);
      assertThat(file.floats("f32")).isEqualTo(values);
      assertThat(file.longs("i64")).containsExactly(Long.MIN_VALUE, 0, Long.MAX_VALUE);
      assertThat(file.floats("scalar")).containsExactly(-0f);
      assertThat(file.shape("empty")).containsExactly(0, 4);
      float[] halves = file.floats("f16");
      float[] brainHalves = file.floats("bf16");
      for (int i = 0; i < values.length; i++) {
        assertThat(halves[i]).isEqualTo(Float16.toFloat(Float16.fromFloat(values[i])));
        assertThat(brainHalves[i]).isEqualTo(BFloat16.toFloat(BFloat16.fromFloat(values[i])));
      }
    }
  }

  @Test
  void theFileHasTheBytesOfTheFormat() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsLayout layout =
        SafetensorsLayout.builder()
            .array("a", ElementType.F16, 2, 1)
            .metadata("format", "pt")
            .build();
    SafetensorsWriter writer = new SafetensorsWriter(out, layout);
    writer.write("a", new float[] {1, -2});
    writer.finish();

    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a\":{\"dtype\":\"F16\",\"shape\":[2,1],\"data_offsets\":[0,4]}}";
    String padded = header + " ".repeat((8 - header.length() % 8) % 8);
    assertThat(out.toByteArray())
        .isEqualTo(SafetensorsBytes.of(padded, new byte[] {0, 0x3c, 0, (byte) 0xc0}));
    assertThat(layout.fileBytes()).isEqualTo(out.size());
    assertThat(layout.dataBytes()).isEqualTo(4);
  }

  @Test
  void valuesBeginAtAMultipleOfEightWhateverTheNames() throws IOException {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      name.append(i % 2 == 0 ? "ä" : "\"");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SafetensorsLayout layout =
          SafetensorsLayout.builder().array(name.toString(), ElementType.F32, 1).build();
      SafetensorsWriter writer = new SafetensorsWriter(out, layout);
      writer.write(name.toString(), new float[] {1});
      writer.finish();
      byte[] bytes = out.toByteArray();
      long headerBytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertThat(headerBytes % 8).isZero();
      Path path = SafetensorsBytes.write(folder, bytes);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.names()).containsExactly(name.toString());
      }
    }
  }

  @Test
  void aPartOfALongerArrayIsWritten() throws IOException {
    Path path = folder.resolve("part.safetensors");
    SafetensorsLayout layout = SafetensorsLayout.builder().array("a", ElementType.F32, 2).build();
    SafetensorsWriter.save(path, layout, writer -> writer.write("a", new float[] {1, 2, 3, 4}, 1));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.floats("a")).containsExactly(2, 3);
    }
  }

  @Test
  void arraysOutOfOrderAreRefused() throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter(new ByteArrayOutputStream(), twoArrays());
    assertThatThrownBy(() -> writer.write("b", new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'b'")
        .hasMessageContaining("'a' next");
  }

  @Test
  void arraysOfTheWrongLengthAreRefused() throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter(new ByteArrayOutputStream(), twoArrays());
    assertThatThrownBy(() -> writer.write("a", new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a' has 2 values in the layout, but 5");
  }

  @Test
  void arraysOfTheWrongTypeAreRefused() throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter(new ByteArrayOutputStream(), twoArrays());
    assertThatThrownBy(() -> writer.write("a", new long[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("F32, not I64");
  }

  private static SafetensorsLayout twoArrays() {
    return SafetensorsLayout.builder()
        .array("a", ElementType.F32, 2)
        .array("b", ElementType.F32, 2)
        .build();
  }

  @Test
  void namesMustDiffer() {
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder().array("a", ElementType.F32);
    assertThatThrownBy(() -> layout.array("a", ElementType.F32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a' is taken");
    assertThatThrownBy(() -> layout.array("__metadata__", ElementType.F32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is taken");
  }

  @Test
  void misalignedArraysAreRefused() {
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder().array("a", ElementType.F16, 3);
    assertThatThrownBy(() -> layout.array("b", ElementType.F32, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'b'")
        .hasMessageContaining("wider types first");
  }

  @Test
  void typesThatAreNotWrittenAreRefused() {
    assertThatThrownBy(() -> SafetensorsLayout.builder().array("a", ElementType.U8, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("U8 is not written");
  }

  @Test
  void aFileThatLacksAnArrayIsNotLeftBehind() {
    Path path = folder.resolve("unfinished.safetensors");
    assertThatThrownBy(
            () ->
                SafetensorsWriter.save(
                    path, twoArrays(), writer -> writer.write("a", new float[2])))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lacks array 'b'");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFailedWriteLeavesTheOldFileAlone() throws IOException {
    Path path = folder.resolve("weights.safetensors");
    Files.writeString(path, "old", StandardCharsets.UTF_8);
    assertThatThrownBy(
            () ->
                SafetensorsWriter.save(
                    path,
                    twoArrays(),
                    writer -> {
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(path).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("weights.safetensors");
  }
}
