package org.latte4j.spark.checkpoint;

import java.io.IOException;

/**
 * A checkpoint that is missing, unfinished, damaged or not of this model; the message names the
 * file, the likely cause and what to do.
 */
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that says which file, what is wrong, the likely cause and what to do. */
  public CheckpointException(String message) {
    super(message);
  }

  /** As above, with the cause. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
