package org.latte4j.spark.averaging;

import java.io.Serializable;

/**
 * What a worker does between gathering the averaged state and emitting its own: its k optimiser
 * steps of a round. Shipped to executors with Java serialisation.
 *
 * @param <R> the replica that the steps train
 */
public interface LocalSteps<R extends Replica> extends Serializable {
  /** k: optimiser steps that a worker takes in a round. */
  int stepsPerRound();

  /** Optimiser steps of a worker before a round. */
  default long firstStep(long round) {
    return Math.multiplyExact(round, stepsPerRound());
  }

  /** A new replica; its values are overwritten before use. */
  R newReplica();

  /**
   * Takes the steps of one worker in one round, on a replica that holds the averaged state.
   *
   * <p>The values left in the replica must follow from that state, {@code worker} and {@code round}
   * alone: a round may be run again after a failure, elsewhere, in another replica.
   *
   * @param worker logical worker, from 0
   * @param round from 0; {@link #firstStep} optimiser steps came before it
   */
  LocalResult run(R replica, int worker, long round) throws Exception;
}
