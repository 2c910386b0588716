package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;

/**
 * Where the state before the first round comes from, slice by slice, on the executors: a seeded
 * initialisation or a checkpoint. Shipped to executors with Java serialisation; the same slice may
 * be asked for more than once and must give the same values.
 */
@FunctionalInterface
public interface InitialState extends Serializable {
  /**
   * Fills one slice of one vector.
   *
   * @param plan which tensors the slice holds
   * @param into receives {@code slice.length()} values; holds zeros
   */
  void fill(StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into) throws IOException;

  /**
   * Fills one slice of a vector that one worker keeps for itself; with the same values for every
   * worker unless overridden.
   *
   * @param worker logical worker, from 0
   */
  default void fillOwn(
      StateVector vector, int worker, Slice slice, SlicePlan plan, FloatBuffer into)
      throws IOException {
    fill(vector, slice, plan, into);
  }
}
