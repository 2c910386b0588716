package org.latte4j.spark.watchdog;

/** The watchdog has ended a run that did not get on. The message says where it stood. */
public final class StalledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StalledException(String message, Throwable cause) {
    super(message, cause);
  }
}
