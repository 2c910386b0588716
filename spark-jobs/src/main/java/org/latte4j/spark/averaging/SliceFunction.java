package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Work on one slice of the state, done by the task that owns it; shipped with Java serialisation.
 *
 * @param <T> a small result for the driver, Java-serialisable
 */
@FunctionalInterface
public interface SliceFunction<T extends Serializable> extends Serializable {
  /**
   * Does the work.
   *
   * @param values the slice's values of every vector of the state, the moving average included
   */
  T apply(SlicePlan plan, Slice slice, Map<StateVector, FloatBuffer> values) throws IOException;

  /** What tasks report that they are busy with meanwhile. */
  default Activity activity() {
    return Activity.READ;
  }
}
