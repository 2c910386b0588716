package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.Golden.CFG1;
import static org.latte4j.model.Golden.CFG2;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.latte4j.model.Golden;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;

class LatteWeightsTest {

  @Test
  void sizesFollowFromTheShapesOfTheWeights() throws IOException {
    try (WeightSource weights = Golden.open("cfg2.model")) {
      assertThat(LatteWeights.sizes(weights, 4, 8, 8)).isEqualTo(CFG2);
    }
    try (WeightSource weights = Golden.open("cfg1.model")) {
      assertThat(LatteWeights.sizes(weights, 4, 8, 8)).isEqualTo(CFG1);
    }
  }

  @Test
  void framesOfAnotherSizeAreRefusedWithBothCountsOfPatches() throws IOException {
    try (WeightSource weights = Golden.open("cfg2.model")) {
      assertThatThrownBy(() -> LatteWeights.sizes(weights, 4, 16, 16))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("64 patches")
          .hasMessageContaining("for 16 patches");
    }
  }

  @Test
  void weightsOfAnotherKindOfModelAreRefused() throws IOException {
    try (WeightSource weights = Golden.open("cfg2.fixture")) {
      assertThatThrownBy(() -> LatteWeights.sizes(weights, 4, 8, 8))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("x_embedder.proj.weight")
          .hasMessageContaining("not the weights of a Latte model");
    }
  }

  @Test
  void aParameterOfAnotherShapeIsNamedWithBothShapes() throws IOException {
    LatteConfiguration sevenClasses =
        new LatteConfiguration(4, 64, 4, 2, new LatentShape(4, 4, 8, 8), 7);
    try (WeightSource weights = Golden.open("cfg2.model")) {
      assertThatThrownBy(() -> LatteWeights.check(weights, sevenClasses))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("y_embedder.embedding_table.weight")
          .hasMessageContaining("[6, 64]")
          .hasMessageContaining("[8, 64]");
    }
  }

  @Test
  void aMissingParameterIsNamed() throws IOException {
    LatteConfiguration deeper = new LatteConfiguration(6, 64, 4, 2, new LatentShape(4, 4, 8, 8), 5);
    try (WeightSource weights = Golden.open("cfg2.model")) {
      assertThatThrownBy(() -> LatteWeights.check(weights, deeper))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("lacks the parameter blocks.4.attn.qkv.weight");
    }
  }

  @Test
  void parametersThatTheModelDoesNotHaveAreNamed() throws IOException {
    try (WeightSource weights = Golden.open("cfg2.model")) {
      assertThatThrownBy(() -> LatteWeights.check(weights, CFG1))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("y_embedder.embedding_table.weight");
    }
  }
}
