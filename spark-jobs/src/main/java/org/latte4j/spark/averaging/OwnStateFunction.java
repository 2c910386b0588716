package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Work on one slice of what one worker keeps for itself; shipped with Java serialisation.
 *
 * @param <T> a small result for the driver, Java-serialisable
 */
@FunctionalInterface
public interface OwnStateFunction<T extends Serializable> extends Serializable {
  /**
   * Does the work.
   *
   * @param worker logical worker, from 0
   * @param values the slice's values of every vector that the worker keeps
   */
  T apply(SlicePlan plan, int worker, Slice slice, Map<StateVector, FloatBuffer> values)
      throws IOException;
}
