package org.latte4j.spark.train;

/** What becomes of Adam's moments when the workers' parameters are averaged. */
public enum UpdaterState {
  /** They are averaged like the parameters. */
  AVERAGED,
  /** Every worker keeps its own from round to round. */
  PER_WORKER,
  /** They are dropped: every round begins with zeros, and Adam's bias correction with it. */
  RESET
}
