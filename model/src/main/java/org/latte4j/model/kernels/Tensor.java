package org.latte4j.model.kernels;

/**
 * A handle on a dense, row-major array whose storage a {@link Kernels} implementation owns.
 *
 * <p>Modules see shapes and pass handles on; only the kernels that made a tensor can read or write
 * it. A tensor stays valid until the {@link Arena} it was allocated in is closed (or, for wrapped
 * arrays, as long as the wrapped array lives). Views share storage.
 *
 * <p>Handles are immutable and may be passed between threads; the values are not guarded.
 */
public interface Tensor {
  /** Sizes, outermost first; at least one, each positive. The array is a copy. */
  int[] shape();

  /** Size of one dimension; {@code dimension} counts from 0. */
  int size(int dimension);

  /** Number of values: the product of the sizes. */
  long length();

  /**
   * The same values under another shape.
   *
   * @throws IllegalArgumentException if the number of values differs
   */
  Tensor reshape(int... shape);

  /**
   * A contiguous part: {@code shape} values beginning at {@code offset} values from this tensor's
   * start.
   *
   * @throws IllegalArgumentException if the part does not lie inside this tensor
   */
  Tensor slice(long offset, int... shape);
}
