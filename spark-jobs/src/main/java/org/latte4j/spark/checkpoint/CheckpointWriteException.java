package org.latte4j.spark.checkpoint;

import java.io.IOException;

/**
 * A checkpoint could not be written: no room, no permission, a store that does not answer. Those
 * written before are untouched; the message names the newest.
 */
public final class CheckpointWriteException extends IOException {
  private static final long serialVersionUID = 1L;

  CheckpointWriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
