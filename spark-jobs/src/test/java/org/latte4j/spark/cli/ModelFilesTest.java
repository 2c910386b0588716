package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.model.latte.ModelSize;
import org.latte4j.model.settings.Settings;

class ModelFilesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "S/2", "S/4", "S/8", "B/2", "B/4", "B/8", "L/2", "L/4", "L/8", "XL/2", "XL/4", "XL/8"
      })
  void settingsFilesHoldThePapersSizes(String name) {
    Path file = Path.of("..", "conf", "models", name.replace('/', '-') + ".conf");
    Settings settings = Settings.load(List.of(file), Map.of());
    ModelSize size = ModelSize.parse(name);
    assertThat(
            new ModelSize(
                settings.integer("model.depth", 1, 100),
                settings.integer("model.hidden-size", 1, 10_000),
                settings.integer("model.heads", 1, 100),
                settings.integer("model.patch-size", 1, 100)))
        .isEqualTo(size);
  }
}
