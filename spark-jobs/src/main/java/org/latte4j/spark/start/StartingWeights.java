package org.latte4j.spark.start;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.convert.ConversionInput;

/**
 * The state of a run that starts from weights made before: parameters and moving average are theirs
 * as far as the plan says (the source's average, where it has one), the rest is initialised;
 * moments are zero and steps count from 0.
 *
 * @param plan what each parameter begins with
 * @param location of the weights, which all executors can read
 * @param seed of what is initialised
 */
public record StartingWeights(
    StartPlan plan, String location, long seed, SerializableConfiguration hadoop)
    implements InitialState {

  /**
   * Looks at the weights and plans.
   *
   * @param network to be trained
   */
  public static StartPlan.Planned plan(
      LatteConfiguration network, StartSettings settings, Configuration hadoop) throws IOException {
    ConversionInput input = ConversionInput.find(settings.location(), hadoop);
    try (WeightSource weights = open(input)) {
      return StartPlan.of(weights, input.sizes(), network, settings);
    }
  }

  private static WeightSource open(ConversionInput input) throws IOException {
    return input.open(input.parts().contains(Part.EMA) ? Part.EMA : Part.MODEL);
  }

  @Override
  public void fill(StateVector vector, Slice slice, SlicePlan slices, FloatBuffer into)
      throws IOException {
    if (vector == StateVector.FIRST_MOMENT || vector == StateVector.SECOND_MOMENT) {
      return;
    }
    ParameterLayout layout = new ParameterLayout(plan.network());
    try (WeightSource weights = open(ConversionInput.find(location, hadoop.value()))) {
      for (ParameterTensor tensor : slices.tensorsOf(slice)) {
        Optional<String> source = plan.sourceOf(tensor.name());
        if (source.isPresent()) {
          into.put(weights.floats(source.get()));
        } else if (plan.isZero(tensor.name())) {
          into.put(new float[tensor.length()]);
        } else {
          into.put(layout.parameter(tensor.name()).initialValues(seed));
        }
      }
    }
  }
}
