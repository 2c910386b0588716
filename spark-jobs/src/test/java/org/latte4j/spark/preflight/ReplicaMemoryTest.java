package org.latte4j.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;

class ReplicaMemoryTest {
  private static final LatteConfiguration SIZES =
      new LatteConfiguration(4, 64, 4, 2, new LatentShape(8, 4, 16, 16), 10);

  @Test
  void parametersTakeSixteenBytesEach() {
    ReplicaMemory memory = ReplicaMemory.training(SIZES, LattePlan.training(2));
    assertThat(memory.vectors()).isEqualTo(16 * memory.parameters());
    assertThat(memory.bytes()).isEqualTo(memory.vectors() + memory.activations());
  }

  @Test
  void activationsGrowWithThePassAndShrinkWithCheckpointing() {
    LattePlan two = LattePlan.training(2);
    long activations = ReplicaMemory.training(SIZES, two).activations();
    assertThat(ReplicaMemory.training(SIZES, LattePlan.training(4)).activations())
        .isGreaterThan(activations * 3 / 2);
    assertThat(
            ReplicaMemory.training(SIZES, two.with(LattePlan.Purpose.CHECKPOINTED_TRAINING))
                .activations())
        .isLessThan(activations);
  }
}
