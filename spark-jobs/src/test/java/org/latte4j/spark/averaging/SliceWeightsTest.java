package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class SliceWeightsTest {
  private static final List<ParameterTensor> TENSORS =
      List.of(
          new ParameterTensor("a", List.of(2)),
          new ParameterTensor("b", List.of(1)),
          new ParameterTensor("c", List.of(1, 2)));
  private static final SlicePlan PLAN = SlicePlan.withTarget(TENSORS, 12);

  private final SliceWeights weights =
      new SliceWeights(
          PLAN,
          List.of(FloatBuffer.wrap(new float[] {1, 2, 3}), FloatBuffer.wrap(new float[] {4, 5}))
              .iterator());

  @Test
  void tensorsAreReadInOrderAcrossSlices() {
    assertThat(weights.floats("a")).containsExactly(1, 2);
    assertThat(weights.floats("b")).containsExactly(3);
    assertThat(weights.floats("c")).containsExactly(4, 5);
    assertThat(weights.shape("c")).containsExactly(1, 2);
  }

  @Test
  void tensorsMayBePassedOver() {
    assertThat(weights.floats("c")).containsExactly(4, 5);
  }

  @Test
  void goingBackIsRefused() {
    weights.floats("b");
    assertThatThrownBy(() -> weights.floats("a"))
        .hasMessage("a comes before b, which has been read");
  }

  @Test
  void unknownTensorIsNamed() {
    assertThatThrownBy(() -> weights.shape("d")).hasMessageContaining("no tensor d");
  }
}
