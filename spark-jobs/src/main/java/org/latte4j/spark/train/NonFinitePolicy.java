package org.latte4j.spark.train;

/** What becomes of a step whose loss or gradient norm is not a finite number. */
public enum NonFinitePolicy {
  /** The run stops, and names round, worker, step and clips. */
  STOP,
  /** The step changes nothing and is counted; a round without any finite step stops the run. */
  SKIP
}
