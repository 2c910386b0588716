package org.latte4j.model.kernels;

/**
 * Owner of off-heap memory: every tensor allocated here is freed when the arena is closed.
 *
 * <p>Not thread-safe. Using a tensor after its arena was closed is an error of the program and may
 * crash it, as with any freed memory.
 */
public interface Arena extends AutoCloseable {
  /** A new tensor, all zeros. */
  Tensor allocate(int... shape);

  /** Bytes that tensors of this arena hold. */
  long bytes();

  /** Frees every tensor of this arena. Closing twice is allowed. */
  @Override
  void close();
}
