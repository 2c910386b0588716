package org.latte4j.spark.train;

import java.io.Closeable;
import java.io.IOException;
import org.latte4j.spark.averaging.StepMetrics;

/**
 * The training data of a worker, drawn step by step. Closing closes its files.
 *
 * @param <T> the network in training
 */
public interface Batches<T> extends Closeable {
  /**
   * The samples of one step.
   *
   * @param <T> the network in training
   */
  @FunctionalInterface
  interface Drawn<T> {
    /** One optimiser step on them. */
    StepMetrics step(T trainer);
  }

  /**
   * Draws the samples of a step. They follow from the seed and their numbers in the run.
   *
   * @param step in the round
   * @return valid until the next call
   */
  Drawn<T> batch(int worker, long round, int step) throws IOException;
}
