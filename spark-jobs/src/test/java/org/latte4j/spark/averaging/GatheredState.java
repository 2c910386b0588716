package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;

/** The whole state in the driver, as only tests may have it. */
public final class GatheredState {
  private GatheredState() {}

  public static Map<StateVector, float[]> of(TrainingState state) {
    Map<StateVector, float[]> whole = new EnumMap<>(StateVector.class);
    SlicePlan plan = state.plan();
    for (Map<StateVector, float[]> slice : state.mapSlices(GatheredState::copy)) {
      slice.forEach(
          (vector, values) -> {
            float[] into = whole.computeIfAbsent(vector, v -> new float[(int) plan.length() + 1]);
            // The last element counts what has been filled.
            System.arraycopy(values, 0, into, (int) into[into.length - 1], values.length);
            into[into.length - 1] += values.length;
          });
    }
    whole.replaceAll((vector, values) -> java.util.Arrays.copyOf(values, (int) plan.length()));
    return whole;
  }

  public static void assertSameBits(
      Map<StateVector, float[]> actual, Map<StateVector, float[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (vector, values) -> assertThat(actual.get(vector)).as(vector.name()).isEqualTo(values));
  }

  private static EnumMap<StateVector, float[]> copy(
      SlicePlan plan, Slice slice, Map<StateVector, FloatBuffer> values) {
    EnumMap<StateVector, float[]> copies = new EnumMap<>(StateVector.class);
    values.forEach(
        (vector, floats) -> {
          float[] copy = new float[slice.length()];
          floats.get(copy);
          copies.put(vector, copy);
        });
    return copies;
  }
}
