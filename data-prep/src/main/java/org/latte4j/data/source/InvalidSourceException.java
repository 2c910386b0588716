package org.latte4j.data.source;

import java.io.IOException;

/**
 * A data set's folder that is missing, empty or laid out otherwise; the message says what to do.
 */
public final class InvalidSourceException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that says which file, what is wrong and what to do. */
  public InvalidSourceException(String message) {
    super(message);
  }

  /** As above, with the cause. */
  public InvalidSourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
