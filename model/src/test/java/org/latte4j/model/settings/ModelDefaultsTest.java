package org.latte4j.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelDefaultsTest {
  @Test
  void everyKeyAndDefaultOfTheModelIsPinned() {
    assertThat(Settings.defaults().section("model"))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("variant", 1),
                Map.entry("depth", 12),
                Map.entry("hidden-size", 384),
                Map.entry("heads", 6),
                Map.entry("patch-size", 2),
                Map.entry("frames", 16),
                Map.entry("patch-embedding", "uniform"),
                Map.entry("temporal-stride", 2),
                Map.entry("conditioning", "s-adaln"),
                Map.entry("temporal-position", "absolute"),
                Map.entry("prediction", "noise"),
                Map.entry("text", "none"),
                Map.entry("gradient-checkpointing", false),
                Map.entry("class-dropout", 0.1)));
  }
}
