package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;

/**
 * One worker's copy of the network and its updater: flat vectors, usually off the heap, that slices
 * are copied into and out of.
 *
 * <p>A replica is kept by its executor between rounds; {@link #load} overwrites all of it at the
 * start of each. Used by one thread at a time.
 */
public interface Replica extends AutoCloseable {
  /**
   * Overwrites part of a vector.
   *
   * @param vector one of the vectors that workers gather; never {@link StateVector#EMA}
   * @param offset first value to overwrite, in floats from the vector's start
   * @param values the values between position and limit; its position afterwards does not matter
   */
  void load(StateVector vector, long offset, FloatBuffer values);

  /**
   * Copies part of a vector.
   *
   * @param vector one of the vectors that workers gather; never {@link StateVector#EMA}
   * @param offset first value to copy, in floats from the vector's start
   * @param into receives as many values as remain between its position and limit
   */
  void store(StateVector vector, long offset, FloatBuffer into);

  /** Frees the vectors. */
  @Override
  void close();
}
