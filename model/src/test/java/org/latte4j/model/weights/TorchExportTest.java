package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latte4j.model.Golden;

class TorchExportTest {
  @TempDir Path folder;

  @Test
  void bothPartsComeBackBitForBit() throws IOException {
    Path file = folder.resolve("both.pt");
    try (WeightSource model = Golden.open("cfg2hot.model");
        WeightSource ema = Golden.open("cfg2hot.ema")) {
      TorchExport.write(
          new TreeMap<>(Map.of(Part.MODEL, model, Part.EMA, ema)), ElementType.F32, file);
      assertThat(TorchCheckpoint.parts(file)).containsExactly(Part.MODEL, Part.EMA);
      try (WeightSource read = TorchCheckpoint.open(file, Part.MODEL)) {
        assertThat(read.names()).isEqualTo(model.names());
        SameWeights.assertSame(read, model);
      }
      try (WeightSource read = TorchCheckpoint.open(file, Part.EMA)) {
        SameWeights.assertSame(read, ema);
      }
    }
  }

  @Test
  void onePartIsTheOnlyOneThere() throws IOException {
    Path file = write("one.pt", ElementType.F32);
    assertThat(TorchCheckpoint.parts(file)).containsExactly(Part.EMA);
    assertThatThrownBy(() -> TorchCheckpoint.open(file, Part.MODEL))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("only under 'ema'");
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void halfTypesAreRoundedToNearest(ElementType type) throws IOException {
    Path file = write("half.pt", type);
    try (WeightSource read = TorchCheckpoint.open(file, Part.EMA);
        WeightSource whole = Golden.open("cfg2hot.ema")) {
      assertThat(read.type("pos_embed")).isEqualTo(type);
      float[] expected = whole.floats("blocks.0.attn.qkv.weight");
      float[] actual = read.floats("blocks.0.attn.qkv.weight");
      for (int i = 0; i < expected.length; i++) {
        float rounded =
            type == ElementType.F16
                ? Float16.toFloat(Float16.fromFloat(expected[i]))
                : BFloat16.toFloat(BFloat16.fromFloat(expected[i]));
        assertThat(actual[i]).isEqualTo(rounded);
      }
    }
  }

  @Test
  void storagesAreNotCompressedSoThatTorchCanMapThem() throws IOException {
    try (ZipFile archive = new ZipFile(write("stored.pt", ElementType.F32).toFile())) {
      assertThat(archive.stream().map(ZipEntry::getMethod)).containsOnly(ZipEntry.STORED);
      assertThat(archive.stream().map(ZipEntry::getName).findFirst()).hasValue("archive/data.pkl");
      assertThat(archive.getEntry("archive/version")).isNotNull();
    }
  }

  @Test
  void theSameWeightsGiveTheSameBytes() throws IOException {
    assertThat(write("first.pt", ElementType.F32))
        .hasSameBinaryContentAs(write("second.pt", ElementType.F32));
  }

  @Test
  void aValueBeyondHalfPrecisionIsRefusedAndNothingIsLeft() throws IOException {
    Path large = folder.resolve("large.safetensors");
    SafetensorsLayout layout = SafetensorsLayout.builder().array("a", ElementType.F32, 2).build();
    SafetensorsWriter.save(large, layout, writer -> writer.write("a", new float[] {1, 70_000}));
    Path file = folder.resolve("half.pt");
    try (WeightSource source = SafetensorsFile.open(large)) {
      assertThatThrownBy(
              () ->
                  TorchExport.write(
                      new TreeMap<>(Map.of(Part.MODEL, source)), ElementType.F16, file))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("array 'a'")
          .hasMessageContaining("70000.0, which F16 cannot hold");
      TorchExport.write(new TreeMap<>(Map.of(Part.MODEL, source)), ElementType.BF16, file);
    }
    assertThat(folder.resolve("half.pt.tmp")).doesNotExist();
    assertThat(file).exists();
  }

  private Path write(String name, ElementType type) throws IOException {
    Path file = folder.resolve(name);
    try (WeightSource ema = Golden.open("cfg2hot.ema")) {
      TorchExport.write(new TreeMap<>(Map.of(Part.EMA, ema)), type, file);
    }
    return file;
  }
}
