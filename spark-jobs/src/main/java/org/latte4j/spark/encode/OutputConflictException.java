package org.latte4j.spark.encode;

import java.io.IOException;

/** The output folder already holds another data set; the message names the difference. */
public final class OutputConflictException extends IOException {
  private static final long serialVersionUID = 1L;

  OutputConflictException(String message) {
    super(message);
  }
}
