package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Iterator;

/**
 * Work that needs all of one state vector, done by a task; shipped with Java serialisation.
 *
 * @param <T> a small result for the driver, Java-serialisable
 */
@FunctionalInterface
public interface VectorFunction<T extends Serializable> extends Serializable {
  /**
   * Does the work.
   *
   * @param task number of the task, from 0
   * @param slices values of each slice of the plan, in order; each is fetched when it is asked for
   */
  T apply(int task, SlicePlan plan, Iterator<FloatBuffer> slices) throws Exception;

  /**
   * What tasks report that they are busy with meanwhile. One that takes long says that it gets on
   * with {@link ActivityReport#step()}.
   */
  default Activity activity() {
    return Activity.USE;
  }
}
