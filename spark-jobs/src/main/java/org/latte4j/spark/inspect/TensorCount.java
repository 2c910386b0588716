package org.latte4j.spark.inspect;

import java.util.Arrays;
import org.latte4j.model.weights.WeightSource;

/**
 * How much weights hold.
 *
 * @param tensors arrays
 * @param values numbers in them
 */
record TensorCount(int tensors, long values) {
  /** Reads the shapes of all tensors, and no values. */
  static TensorCount of(WeightSource weights) {
    long values = 0;
    for (String name : weights.names()) {
      values += Arrays.stream(weights.shape(name)).asLongStream().reduce(1, Math::multiplyExact);
    }
    return new TensorCount(weights.names().size(), values);
  }
}
