package org.latte4j.model.kernels;

import org.nd4j.linalg.api.buffer.DataType;

/** Chooses the kernels that suit ND4J's backend. */
public final class KernelsChoice {
  private KernelsChoice() {}

  /**
   * Kernels for single precision on the backend that ND4J found.
   *
   * @param threads threads that the arithmetic may use; no influence on results
   */
  public static Kernels forBackend(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("arithmetic needs at least 1 thread, not " + threads);
    }
    return new PortableKernels(DataType.FLOAT);
  }
}
