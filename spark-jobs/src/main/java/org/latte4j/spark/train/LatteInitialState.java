package org.latte4j.spark.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import org.latte4j.model.latte.Initialisation;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

/** A fresh network: seeded parameters, the moving average equal to them, moments of zero. */
record LatteInitialState(LatteConfiguration sizes, long seed) implements InitialState {
  @Override
  public void fill(StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into)
      throws IOException {
    if (vector == StateVector.FIRST_MOMENT || vector == StateVector.SECOND_MOMENT) {
      return;
    }
    ParameterLayout layout = new ParameterLayout(sizes);
    for (ParameterTensor tensor : plan.tensorsOf(slice)) {
      into.put(Initialisation.values(layout.parameter(tensor.name()), seed));
    }
  }
}
