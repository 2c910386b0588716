package org.latte4j.data.text;

import java.io.IOException;

/** A tokenizer or text encoder that does not do what is asked of it; the message says why. */
public final class InvalidTextEncoderException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that says which file, what is wrong and what to do. */
  public InvalidTextEncoderException(String message) {
    super(message);
  }

  /** As above, with the cause. */
  public InvalidTextEncoderException(String message, Throwable cause) {
    super(message, cause);
  }
}
