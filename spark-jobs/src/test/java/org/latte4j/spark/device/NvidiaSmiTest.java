package org.latte4j.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as nvidia-smi prints them. */
class NvidiaSmiTest {
  private static final String TWO =
      """
      0, GPU-4f1c, NVIDIA A10, 8.6, 23028, 22000, 535.161.07
      1, GPU-77aa, Tesla K80, [N/A], 11441, [N/A], 470.1
      """;

  @Test
  void cardsAreReadWithWhatTheDriverTells() throws IOException {
    List<NvidiaSmi.Card> cards = NvidiaSmi.parse(TWO);
    assertThat(cards).hasSize(2);
    assertThat(cards.get(0).capability()).contains(new ComputeCapability(8, 6));
    assertThat(cards.get(0).freeBytes()).isEqualTo(22000L << 20);
    assertThat(cards.get(1).capability()).isEmpty();
    assertThat(cards.get(1).freeBytes()).isZero();
  }

  @Test
  void aCardIsFoundByIndexAndByName() throws IOException {
    List<NvidiaSmi.Card> cards = NvidiaSmi.parse(TWO);
    assertThat(NvidiaSmi.card(cards, "1")).contains(cards.get(1));
    assertThat(NvidiaSmi.card(cards, "GPU-4f1c")).contains(cards.get(0));
    assertThat(NvidiaSmi.card(cards, "2")).isEmpty();
  }

  @Test
  void anotherTableIsAnError() {
    assertThatThrownBy(() -> NvidiaSmi.parse("No devices were found"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No devices were found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.7", "5.3", "7.2", "8.0", "8.6", "8.7", "8.9"})
  void codeForAnEarlierMinorVersionRunsOnALaterOne(String capability) {
    assertThat(ComputeCapability.parse(capability).supported()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5", "9.0", "10.0", "12.0"})
  void otherMajorAndOlderMinorVersionsHaveNoCode(String capability) {
    assertThat(ComputeCapability.parse(capability).supported()).isFalse();
  }
}
