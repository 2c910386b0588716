package org.latte4j.spark.checkpoint;

/** The state to be written holds a number that is not finite; it would spoil all that follows. */
public final class NonFiniteStateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NonFiniteStateException(String message) {
    super(message);
  }
}
