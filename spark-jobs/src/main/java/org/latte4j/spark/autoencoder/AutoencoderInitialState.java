package org.latte4j.spark.autoencoder;

import java.nio.FloatBuffer;
import org.latte4j.model.autoencoder.AutoencoderKlConfig;
import org.latte4j.model.autoencoder.KlParameterLayout;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;

/** A fresh network: seeded parameters, the moving average equal to them, moments of zero. */
record AutoencoderInitialState(AutoencoderKlConfig network, long seed) implements InitialState {
  @Override
  public void fill(StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into) {
    if (vector == StateVector.FIRST_MOMENT || vector == StateVector.SECOND_MOMENT) {
      return;
    }
    KlParameterLayout layout = new KlParameterLayout(network);
    for (ParameterTensor tensor : plan.tensorsOf(slice)) {
      into.put(layout.initialValues(tensor.name(), seed));
    }
  }
}
