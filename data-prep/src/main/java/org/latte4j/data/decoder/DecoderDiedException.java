package org.latte4j.data.decoder;

import java.io.IOException;

/** The decoder process ended, or was ended, in the middle of a video; the message says how. */
public final class DecoderDiedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why it ended. */
  public enum Cause {
    /** By itself or by a signal: a defect in native code, too little memory, or from outside. */
    CRASH,
    /** No frame within the stall limit, or the video's time was over. */
    TIME
  }

  private final Cause reason;

  DecoderDiedException(Cause reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why it ended. */
  public Cause reason() {
    return reason;
  }
}
