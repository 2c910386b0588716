package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedSafetensorsTest {
  @TempDir Path folder;
  private Path index;

  @BeforeEach
  void writeTwoShards() throws IOException {
    shard("one.safetensors", "a", 1, 2);
    shard("two.safetensors", "b", 3, 4);
    index = folder.resolve("model.safetensors.index.json");
    Files.write(
        index,
        ShardedSafetensors.index(Map.of("b", "two.safetensors", "a", "one.safetensors"), 16));
  }

  private void shard(String file, String name, float... values) throws IOException {
    SafetensorsWriter.save(
        folder.resolve(file),
        SafetensorsLayout.builder().array(name, ElementType.F32, values.length).build(),
        writer -> writer.write(name, values));
  }

  @Test
  void arraysAreFoundInTheirShards() throws IOException {
    try (ShardedSafetensors weights = ShardedSafetensors.open(index)) {
      assertThat(weights.names()).containsExactly("a", "b");
      assertThat(weights.shape("b")).containsExactly(2);
      assertThat(weights.type("b")).isEqualTo(ElementType.F32);
      assertThat(weights.floats("b")).containsExactly(3, 4);
      assertThat(weights.floats("a")).containsExactly(1, 2);
      assertThat(weights.floats("b")).containsExactly(3, 4);
    }
  }

  @Test
  void theIndexHasTheFormOfTheConvention() throws IOException {
    assertThat(index)
        .hasContent(
            """
            {
              "metadata" : {
                "total_size" : 16
              },
              "weight_map" : {
                "a" : "one.safetensors",
                "b" : "two.safetensors"
              }
            }
            """);
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    Files.delete(folder.resolve("two.safetensors"));
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(index.toString())
        .hasMessageContaining("shard two.safetensors, which is not there");
  }

  @Test
  void aDamagedShardIsNamed() throws IOException {
    Files.writeString(folder.resolve("two.safetensors"), "nothing", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(folder.resolve("two.safetensors").toString());
  }

  @Test
  void aShardOfAnotherSetIsNoticed() throws IOException {
    shard("two.safetensors", "c", 3, 4);
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("array 'b' lies in two.safetensors, but it does not");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | no weight_map",
        "{\"weight_map\": {}} | no weight_map",
        "{\"weight_map\": {\"a\": \"one.safetensors\" | no valid JSON",
        "{\"weight_map\": {\"a\": \"x\", \"a\": \"y\"}} | Duplicate field 'a'",
        "{\"weight_map\": {\"a\": 1}} | weight_map.a is 1",
        "{\"weight_map\": {\"a\": \"../one.safetensors\"}} | must be the plain name",
        "{\"weight_map\": {\"a\": \"/etc/passwd\"}} | must be the plain name",
        "{\"weight_map\": {\"a\": \"..\"}} | must be the plain name",
      })
  void damagedIndexesAreRefusedByName(String json, String message) throws IOException {
    Files.writeString(index, json, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ShardedSafetensors.open(index))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(index.toString())
        .hasMessageContaining(message);
  }

  @Test
  void unknownNamesAreRefused() throws IOException {
    try (ShardedSafetensors weights = ShardedSafetensors.open(index)) {
      assertThatThrownBy(() -> weights.shape("c"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'c'");
    }
  }
}
