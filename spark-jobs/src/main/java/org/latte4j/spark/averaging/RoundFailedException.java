package org.latte4j.spark.averaging;

/**
 * A round that Spark could not finish, even after its retries; the state before it still stands.
 */
public final class RoundFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RoundFailedException(long round, Throwable cause) {
    super("round %d failed: %s".formatted(round, innermost(cause)), cause);
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
