package org.latte4j.spark.inference;

import java.io.IOException;

/** A file of input tensors lacks one, or has one of the wrong shape. */
public final class InputTensorException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that names the file, the tensor and what is needed. */
  public InputTensorException(String message) {
    super(message);
  }
}
