package org.latte4j.spark.train;

import java.io.IOException;
import java.nio.FloatBuffer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.checkpoint.TrainedModel;

/**
 * Training that starts from weights made before: parameters and moving average are theirs (the
 * average, where the source has one), moments are zero and steps count from 0.
 *
 * @param location a checkpoint or a folder of weights that all executors can read
 */
record StartingWeights(LatteConfiguration sizes, String location, SerializableConfiguration hadoop)
    implements InitialState {

  /** Refuses weights of another network before any executor starts. */
  void check() throws IOException {
    try (WeightSource weights = open()) {
      LatteWeights.check(weights, sizes);
    }
  }

  @Override
  public void fill(StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into)
      throws IOException {
    if (vector == StateVector.FIRST_MOMENT || vector == StateVector.SECOND_MOMENT) {
      return;
    }
    try (WeightSource weights = open()) {
      for (ParameterTensor tensor : plan.tensorsOf(slice)) {
        into.put(weights.floats(tensor.name()));
      }
    }
  }

  private WeightSource open() throws IOException {
    return TrainedModel.find(new Path(location), hadoop.value()).weights(Part.EMA);
  }
}
