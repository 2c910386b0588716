package org.latte4j.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelDefaultsTest {
  @Test
  void everyKeyAndDefaultOfTheModelIsPinned() {
    assertThat(Settings.defaults().section("model"))
        .isEqualTo(
            Map.of(
                "depth", 12,
                "hidden-size", 384,
                "heads", 6,
                "patch-size", 2,
                "frames", 16,
                "class-dropout", 0.1));
  }
}
