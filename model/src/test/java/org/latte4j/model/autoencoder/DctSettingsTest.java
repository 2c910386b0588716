package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DctSettingsTest {
  @Test
  void defaultKeepsTwelveOfFortyEightValues() {
    assertThat(DctSettings.DEFAULT).isEqualTo(new DctSettings(4, 8, 2));
    assertThat(DctSettings.DEFAULT.latentChannels()).isEqualTo(12);
  }

  @Test
  void nameIsReadBack() {
    DctSettings settings = new DctSettings(8, 24, 6);
    assertThat(settings.name()).isEqualTo("dct-8-24-6");
    assertThat(DctSettings.parse(settings.name())).isEqualTo(settings);
  }

  @Test
  void bareNameMeansTheDefault() {
    assertThat(DctSettings.parse("dct")).isEqualTo(DctSettings.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "dc", "dct-", "dct-4", "dct-4-8", "dct-4-8-2-1", "dct-4-8--2", "dct-4-9999-1"})
  void otherTextIsRefused(String text) {
    assertThatThrownBy(() -> DctSettings.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("dct-BLOCK-LUMA-CHROMA");
  }

  @ParameterizedTest
  @CsvSource({
    "0,1,1,block size must be 1 to 16",
    "17,1,1,block size must be 1 to 16",
    "4,0,1,luma coefficients must be 1 to 16",
    "4,17,1,luma coefficients must be 1 to 16",
    "4,1,-1,chroma coefficients must be 0 to 16",
    "4,1,17,chroma coefficients must be 0 to 16"
  })
  void settingsOutOfRangeAreRefused(int block, int luma, int chroma, String message) {
    assertThatThrownBy(() -> new DctSettings(block, luma, chroma))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
