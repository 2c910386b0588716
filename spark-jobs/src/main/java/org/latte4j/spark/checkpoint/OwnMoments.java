package org.latte4j.spark.checkpoint;

/** Where the moments come from that each worker is to keep for itself. */
enum OwnMoments {
  /** Each worker's own, as the checkpoint holds them. */
  KEPT,
  /** The averaged ones, for every worker. */
  AVERAGED,
  /** There are none. */
  ZERO
}
