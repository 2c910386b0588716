package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.latte.Architecture.REFERENCE;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;

/** What is refused when a network is described, with the reason, and what settings describe. */
class LatteConfigurationTest {
  private static final LatentShape LATENT = new LatentShape(6, 2, 4, 4);

  @Test
  void variant1NeedsAnEvenDepth() {
    assertThatThrownBy(() -> new LatteConfiguration(3, 8, 2, 2, LATENT, 0))
        .hasMessageContaining("depth must be even, not 3")
        .hasMessageContaining("half temporal");
  }

  @Test
  void variant3TakesAnyDepth() {
    Architecture variant3 = REFERENCE.with(Variant.SEQUENTIAL_ATTENTION);
    assertThat(new LatteConfiguration(3, 8, 2, 2, LATENT, 0, variant3).depth()).isEqualTo(3);
  }

  @Test
  void variant4NeedsAnEvenNumberOfHeads() {
    Architecture variant4 = REFERENCE.with(Variant.PARALLEL_ATTENTION);
    assertThatThrownBy(() -> new LatteConfiguration(2, 12, 3, 2, LATENT, 0, variant4))
        .hasMessageContaining("heads must be even for variant 4")
        .hasMessageContaining("not 3");
  }

  @Test
  void rotaryPositionsNeedHeadsOfEvenWidth() {
    Architecture rope = REFERENCE.with(TemporalPosition.ROPE);
    assertThatThrownBy(() -> new LatteConfiguration(2, 12, 4, 2, LATENT, 0, rope))
        .hasMessageContaining("rotary")
        .hasMessageContaining("not 3");
  }

  @Test
  void framesMustBeWholeTokens() {
    assertThatThrownBy(
            () -> new LatteConfiguration(2, 8, 2, 2, LATENT, 0, REFERENCE.withTemporalStride(4)))
        .hasMessageContaining("6 frames cannot be cut into tokens of 4 frames");
  }

  @Test
  void imagesAreRefusedWithCompressionFrames() {
    LatteConfiguration compressed =
        new LatteConfiguration(2, 8, 2, 2, LATENT, 0, REFERENCE.withTemporalStride(2));
    assertThatThrownBy(() -> compressed.checkImages(1))
        .hasMessageContaining("compression frame patch embedding")
        .hasMessageContaining("a token spans 2");
    compressed.checkImages(0);
  }

  @Test
  void settingsDescribeTheReferencesArchitectureByDefault() {
    assertThat(LatteSettings.network(Settings.defaults(), 4, 32, 32, 101))
        .isEqualTo(new LatteConfiguration(12, 384, 6, 2, new LatentShape(16, 4, 32, 32), 101));
  }

  @Test
  void settingsDescribeEveryArchitecture() {
    Settings settings =
        Settings.load(
            List.of(),
            Map.of(
                "model.variant", "3",
                "model.patch-embedding", "compression",
                "model.temporal-stride", "4",
                "model.conditioning", "all-tokens",
                "model.temporal-position", "rope",
                "model.gradient-checkpointing", "true"));
    assertThat(LatteSettings.architecture(settings))
        .isEqualTo(
            new Architecture(
                Variant.SEQUENTIAL_ATTENTION, 4, Conditioning.ALL_TOKENS, TemporalPosition.ROPE));
    assertThat(LatteSettings.trainingPurpose(settings))
        .isEqualTo(LattePlan.Purpose.CHECKPOINTED_TRAINING);
  }

  @Test
  void settingsThatDoNotFitTogetherAreRefusedWithTheReason() {
    Settings settings =
        Settings.load(
            List.of(),
            Map.of("model.patch-embedding", "compression", "model.temporal-stride", "3"));
    assertThatThrownBy(() -> LatteSettings.network(settings, 4, 32, 32, 0))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("16 frames cannot be cut into tokens of 3 frames");
  }
}
