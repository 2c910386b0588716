package org.latte4j.spark.averaging;

/**
 * The vectors that make up the state of training: each holds one float for each parameter, in the
 * order of the network's flat parameter vector.
 */
public enum StateVector {
  /** The network's parameters. */
  PARAMETERS,
  /** Adam's running mean of the gradient (m, PyTorch's {@code exp_avg}). */
  FIRST_MOMENT,
  /** Adam's running mean of the squared gradient (v, PyTorch's {@code exp_avg_sq}). */
  SECOND_MOMENT,
  /**
   * The exponential moving average of the parameters. It stays with the partition that owns the
   * slice: workers neither gather nor emit it.
   */
  EMA
}
