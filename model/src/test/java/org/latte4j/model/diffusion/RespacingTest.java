package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.model.Golden;

class RespacingTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "7", "13", "33", "50", "77", "128", "333", "999", "ddim10", "ddim25", "ddim100", "5,5,5"
      })
  void keepsTheTimestepsThatTheReferenceKeeps(String text) throws IOException {
    assertThat(Respacing.parse(text).timesteps(1000))
        .isEqualTo(Golden.ints("space_timesteps", "ts." + text));
  }

  @Test
  void spacesAreAllowedAroundNumbers() {
    assertThat(Respacing.parse(" 5, 5,5 ")).isEqualTo(Respacing.parse("5,5,5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "fast", "10,", "ddim", "ddim5,5", "2.5", "10,0"})
  void anythingElseIsRefusedWithTheAllowedForms(String text) {
    assertThatThrownBy(() -> Respacing.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("ddim50");
  }

  @Test
  void moreStepsThanASectionHasAreRefused() {
    assertThatThrownBy(() -> Respacing.parse("10,600").timesteps(1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("section 2 of 2 has 500 steps");
  }

  @Test
  void aStrideThatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> Respacing.parse("ddim300").timesteps(1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exactly 300 of 1000");
  }
}
