package org.latte4j.model.weights;

import java.io.IOException;

/** A weight file that is damaged, truncated or of a kind that is not read; the message names it. */
public final class WeightFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that says which file, what is wrong, the likely cause and what to do. */
  public WeightFormatException(String message) {
    super(message);
  }

  /** As above, with the cause. */
  public WeightFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
