package org.latte4j.spark.averaging;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The state of training is gone: executors that held the only copies of some of its slices have
 * died, and the rounds that made them are forgotten. Training can go on from a checkpoint.
 */
public final class StateLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** How Spark begins to say it; it has no exception of its own for that. */
  private static final String SPARKS_WORDS = "Checkpoint block rdd_";

  private StateLostException(Throwable cause) {
    super(
        "executors with the only copies of some slices of the state were lost;"
            + " training has to go on from its newest checkpoint",
        cause);
  }

  /** Throws this if it is the reason for the failure of a Spark job. */
  static void throwIfReason(Exception failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
      if (cause.getMessage() != null && cause.getMessage().contains(SPARKS_WORDS)) {
        throw new StateLostException(failure);
      }
    }
  }
}
