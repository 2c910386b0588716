package org.latte4j.data.encode;

import java.io.IOException;

/** A video that cannot become part of a data set; the message is the reason. */
final class RejectedVideoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean mayPass;

  private RejectedVideoException(String reason, Throwable cause, boolean mayPass) {
    super(reason, cause);
    this.mayPass = mayPass;
  }

  /** For a video that would fail again. */
  static RejectedVideoException forGood(String reason) {
    return new RejectedVideoException(reason, null, false);
  }

  /** As above, with the cause. */
  static RejectedVideoException forGood(String reason, Throwable cause) {
    return new RejectedVideoException(reason, cause, false);
  }

  /** For a failure that may be the machine's. */
  static RejectedVideoException thisTime(String reason, Throwable cause) {
    return new RejectedVideoException(reason, cause, true);
  }

  /** Whether it may pass when it is tried again. */
  boolean mayPass() {
    return mayPass;
  }
}
