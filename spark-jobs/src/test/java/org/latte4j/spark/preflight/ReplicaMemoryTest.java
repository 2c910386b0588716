package org.latte4j.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.latte.Latte;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.ParameterLayout;
import org.nd4j.linalg.factory.Nd4j;

/** The estimate against what a network plans. */
class ReplicaMemoryTest {
  @ParameterizedTest
  @CsvSource({"4, 64, 4, 2, 8, 16, 2", "2, 128, 2, 2, 16, 32, 1", "12, 96, 6, 4, 4, 16, 3"})
  void activationsAreEstimatedToATenth(
      int depth, int d, int heads, int patch, int frames, int side, int batch) {
    LatteConfiguration sizes =
        new LatteConfiguration(depth, d, heads, patch, new LatentShape(frames, 4, side, side), 10);
    ReplicaMemory estimate = ReplicaMemory.training(sizes, batch, batch);
    assertThat(estimate.parameters()).isEqualTo(new ParameterLayout(sizes).length());
    assertThat(estimate.vectors()).isEqualTo(16 * estimate.parameters());
    try (Kernels kernels = KernelsChoice.forBackend(1);
        var parameters = Nd4j.create(1, estimate.parameters());
        Latte latte =
            new Latte(
                kernels,
                sizes,
                batch,
                Latte.Purpose.TRAINING,
                kernels.wrap(parameters),
                kernels.wrap(parameters))) {
      assertThat(estimate.activations()).isCloseTo(latte.bytes(), Percentage.withPercentage(10));
    }
  }
}
