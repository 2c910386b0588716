package org.latte4j.spark.train;

import org.apache.hadoop.fs.Path;
import org.latte4j.spark.averaging.RoundMetrics;

/** Is told how training goes on; called by the driver's thread. */
public interface TrainListener {
  /** Hears nothing. */
  TrainListener SILENT = new TrainListener() {};

  /**
   * Training begins.
   *
   * @param parameters trainable values
   * @param videos that clips are drawn from
   * @param samplesPerRound of all workers
   * @param finishedRounds that the checkpoint to go on from has gone through; 0 for a new run
   */
  default void begins(long parameters, int videos, long samplesPerRound, long finishedRounds) {}

  /**
   * A round is done.
   *
   * @param metrics of the round
   * @param rounds of the whole run
   */
  default void roundDone(RoundMetrics metrics, long rounds) {}

  /** A whole checkpoint lies at this path. */
  default void checkpointWritten(Path checkpoint) {}
}
