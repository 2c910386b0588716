package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSizeTest {
  @ParameterizedTest
  @CsvSource({
    "XL/2, 28, 1152, 16, 2",
    "L/4, 24, 1024, 16, 4",
    "B/8, 12, 768, 12, 8",
    "S/2, 12, 384, 6, 2",
    "6x128x4/2, 6, 128, 4, 2"
  })
  void namesGiveSizes(String name, int depth, int hiddenSize, int heads, int patchSize) {
    assertThat(ModelSize.parse(name)).isEqualTo(new ModelSize(depth, hiddenSize, heads, patchSize));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M/2", "S", "S/3", "6x128/2", "6x128x4"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> ModelSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"");
  }

  @Test
  void headsArePublishedForThePapersModelsOnly() {
    assertThat(ModelSize.publishedHeads(28, 1152)).contains(16);
    assertThat(ModelSize.publishedHeads(12, 1152)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"28, 1152, 23, 16", "24, 1024, 20, 16", "12, 768, 10, 12", "12, 384, 10, 6"})
  void headsOfVariants3And4AreFoundByTheirDepth(int depth, int width, int joined, int heads) {
    assertThat(ModelSize.joinedDepth(depth)).isEqualTo(joined);
    assertThat(ModelSize.publishedHeads(joined, width)).contains(heads);
  }
}
