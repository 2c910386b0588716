package org.latte4j.spark;

/** The machine or cluster lacks what a job needs: memory, a GPU, a native library, Spark. */
public final class EnvironmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what is missing and how to mend it. */
  public EnvironmentException(String message) {
    super(message);
  }

  /** As above, with the cause. */
  public EnvironmentException(String message, Throwable cause) {
    super(message, cause);
  }
}
