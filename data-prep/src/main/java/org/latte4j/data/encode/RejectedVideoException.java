package org.latte4j.data.encode;

import java.io.IOException;

/** A video that cannot become part of a data set; the message is the reason. */
final class RejectedVideoException extends IOException {
  private static final long serialVersionUID = 1L;

  RejectedVideoException(String reason) {
    super(reason);
  }

  RejectedVideoException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
