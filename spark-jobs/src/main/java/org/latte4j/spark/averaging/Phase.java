package org.latte4j.spark.averaging;

import java.util.Locale;

/** What a round's wall time goes into, in the order of the round. */
public enum Phase {
  /** Workers fetch the averaged slices. */
  GATHER,
  /** Workers copy them into their replicas. */
  LOAD,
  /** Workers wait for training data. */
  DATA,
  /** Workers take their local steps. */
  STEPS,
  /** Workers write their slices out for the shuffle. */
  SHUFFLE,
  /** After the last worker: slices are fetched, averaged and stored. */
  AVERAGE;

  /** The name in metrics and reports, such as {@code gather}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
