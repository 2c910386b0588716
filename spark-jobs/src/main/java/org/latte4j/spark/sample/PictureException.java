package org.latte4j.spark.sample;

import java.io.IOException;

/** The picture that videos are to begin with is missing, or none. */
public final class PictureException extends IOException {
  private static final long serialVersionUID = 1L;

  PictureException(String message) {
    super(message);
  }
}
