package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.Golden;

class SafetensorsExportTest {
  @TempDir Path folder;

  @Test
  void oneFileComesBackBitForBit() throws IOException {
    Path file = folder.resolve("m.safetensors");
    try (WeightSource source = Golden.open("cfg2.model")) {
      SafetensorsExport.write(source, ElementType.F32, file);
      try (WeightSource read = SafetensorsFile.open(file)) {
        SameWeights.assertSame(read, source);
      }
    }
  }

  @Test
  void shardsKeepToTheSizeAndComeBackBitForBit() throws IOException {
    Path index = folder.resolve("m.safetensors.index.json");
    long most = 200_000;
    try (WeightSource source = Golden.open("cfg2.model")) {
      List<Path> files = SafetensorsExport.writeShards(source, ElementType.F32, most, index);
      assertThat(files).hasSizeGreaterThan(5).endsWith(index);
      assertThat(files.get(0))
          .hasFileName("m-00001-of-%05d.safetensors".formatted(files.size() - 1));
      for (Path shard : files.subList(0, files.size() - 1)) {
        try (WeightSource read = SafetensorsFile.open(shard)) {
          assertThat(SafetensorsExport.bytes(read, ElementType.F32)).isLessThanOrEqualTo(most);
        }
      }
      try (WeightSource read = ShardedSafetensors.open(index)) {
        SameWeights.assertSame(read, source);
      }
    }
  }

  @Test
  void anArrayLargerThanAShardHasOneOfItsOwn() throws IOException {
    Path index = folder.resolve("m.safetensors.index.json");
    try (WeightSource source = Golden.open("cfg2.model")) {
      List<Path> files = SafetensorsExport.writeShards(source, ElementType.F32, 1, index);
      assertThat(files).hasSize(source.names().size() + 1);
    }
  }

  @Test
  void aValueBeyondHalfPrecisionLeavesNoIndexThatNamesOldShards() throws IOException {
    Path index = folder.resolve("m.safetensors.index.json");
    Path large = folder.resolve("large.safetensors");
    SafetensorsLayout layout = SafetensorsLayout.builder().array("a", ElementType.F32, 1).build();
    SafetensorsWriter.save(large, layout, writer -> writer.write("a", new float[] {-1e6f}));
    try (WeightSource source = SafetensorsFile.open(large)) {
      SafetensorsExport.writeShards(source, ElementType.F32, 100, index);
      assertThatThrownBy(() -> SafetensorsExport.writeShards(source, ElementType.F16, 100, index))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("F16 cannot hold");
    }
    assertThat(Files.exists(index)).isFalse();
  }
}
