package org.latte4j.spark.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.latte4j.model.settings.Settings;

class AssessmentTest {
  @Test
  void transformsOfAsManyChannelsShareThemOutInEveryWay() {
    Settings settings =
        TinyAutoencoder.settings(Map.of("autoencoder.block-out-channels", "4,8,8,8"));
    AutoencoderSettings autoencoder = AutoencoderSettings.from(settings, 16);
    assertThat(Assessment.transforms(autoencoder.network()))
        .containsExactly("dct-8-4-0", "dct-8-2-1");
  }

  @Test
  void framesAreSpreadEvenly() {
    List<int[]> lists = Assessment.spread(100, 10);
    assertThat(lists).hasSize(2);
    assertThat(lists.get(0)).containsExactly(0, 10, 20, 30, 40, 50, 60, 70);
    assertThat(lists.get(1)).containsExactly(80, 90);
    assertThat(Assessment.spread(3, 10)).hasSize(1);
    assertThat(Assessment.spread(0, 10)).isEmpty();
  }
}
