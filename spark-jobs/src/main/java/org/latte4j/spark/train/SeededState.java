package org.latte4j.spark.train;

import java.nio.FloatBuffer;
import org.latte4j.model.parameters.FlatLayout;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

/** A fresh network: seeded parameters, the moving average equal to them, moments of zero. */
public record SeededState(FlatLayout layout, long seed) implements InitialState {
  @Override
  public void fill(StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into) {
    if (vector == StateVector.FIRST_MOMENT || vector == StateVector.SECOND_MOMENT) {
      return;
    }
    for (ParameterTensor tensor : plan.tensorsOf(slice)) {
      into.put(layout.parameter(tensor.name()).initialValues(seed));
    }
  }
}
