package org.latte4j.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.latte4j.model.Golden.CFG2;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.junit.jupiter.api.Test;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.Conditioning;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.TemporalPosition;
import org.latte4j.model.latte.Variant;

/** What Deeplearning4j's JSON keeps of the layer. */
class LatteLayerConfigurationTest {
  @Test
  void theObjectiveSurvivesTheLayersJson() {
    Objective objective = new Objective(Prediction.VELOCITY, 5);
    try (LatteTrainer trainer = LatteTrainer.of(CFG2).objective(objective).build(1)) {
      LatteLayerConfiguration layer = read(json(trainer));
      assertThat(layer.objective()).isEqualTo(objective);
    }
  }

  @Test
  void theLayersConfigurationSurvivesJson() {
    try (LatteTrainer trainer = LatteTrainer.of(CFG2).microBatch(1).build(2)) {
      LatteLayerConfiguration layer = read(json(trainer));
      assertThat(layer.sizes()).isEqualTo(CFG2);
      assertThat(layer.getMicroBatch()).isEqualTo(1);
    }
  }

  @Test
  void theLayersArchitectureSurvivesJson() {
    LatteConfiguration other =
        CFG2.with(
            new Architecture(
                Variant.PARALLEL_ATTENTION, 2, Conditioning.ALL_TOKENS, TemporalPosition.ROPE));
    try (LatteTrainer trainer =
        LatteTrainer.of(other).purpose(LattePlan.Purpose.CHECKPOINTED_TRAINING).build(1)) {
      LatteLayerConfiguration layer = read(json(trainer));
      assertThat(layer.sizes()).isEqualTo(other);
      assertThat(layer.isGradientCheckpointing()).isTrue();
    }
  }

  @Test
  void aLayersJsonFromBeforeArchitecturesIsOfTheReferences() {
    try (LatteTrainer trainer = LatteTrainer.of(CFG2).microBatch(1).build(2)) {
      String old =
          json(trainer)
              .replaceAll(
                  "\\s*\"(variant|temporalStride|conditioning|temporalPosition|images"
                      + "|gradientCheckpointing|prediction|minSnrGamma)\" : [^,\\n]*,",
                  "");
      assertThat(old).doesNotContain("variant", "gradientCheckpointing");
      LatteLayerConfiguration layer = read(old);
      assertThat(layer.sizes()).isEqualTo(CFG2);
      assertThat(layer.objective()).isEqualTo(Objective.REFERENCE);
    }
  }

  private static String json(LatteTrainer trainer) {
    return trainer.network().getLayerWiseConfigurations().toJson();
  }

  private static LatteLayerConfiguration read(String json) {
    return (LatteLayerConfiguration) MultiLayerConfiguration.fromJson(json).getConf(0).getLayer();
  }
}
