package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import org.latte4j.model.training.FlatVector;

/**
 * A trained network's parameters and Adam's moments, as the vectors that rounds move. Views: what
 * they show belongs to the network's trainer. Used by one task at a time.
 */
public final class FlatState {
  private final FlatVector parameters;
  private final FlatVector moments;

  /**
   * @param parameters all of them
   * @param moments all first moments, then all second moments
   */
  public FlatState(FlatVector parameters, FlatVector moments) {
    this.parameters = parameters;
    this.moments = moments;
  }

  /** See {@link Replica#load}. */
  public void load(StateVector vector, long offset, FloatBuffer values) {
    flat(vector).write(base(vector) + offset, values);
  }

  /** See {@link Replica#store}. */
  public void store(StateVector vector, long offset, FloatBuffer into) {
    flat(vector).read(base(vector) + offset, into);
  }

  private FlatVector flat(StateVector vector) {
    return switch (vector) {
      case PARAMETERS -> parameters;
      case FIRST_MOMENT, SECOND_MOMENT -> moments;
      case EMA -> throw new IllegalArgumentException("a replica holds no moving average");
    };
  }

  private long base(StateVector vector) {
    return vector == StateVector.SECOND_MOMENT ? parameters.length() : 0;
  }
}
