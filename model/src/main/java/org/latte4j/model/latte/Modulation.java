package org.latte4j.model.latte;

import org.latte4j.model.kernels.Tensor;

/**
 * The vectors of D values that steer the norms and gates of one block or of the final layer: shift,
 * scale and perhaps gate of one branch after the other.
 */
interface Modulation {
  /** Computes the vectors for the current condition. */
  void forward();

  /** The vectors of a group of rows: [items, n D], or [1, n D] where all items share them. */
  Tensor values(RowGroup group);

  /** Where a branch sets the gradients of its vectors; the shape is that of {@link #values}. */
  Tensor gradients(RowGroup group);

  /**
   * The same vectors for a second branch that uses them too, and sets gradients of its own. They
   * count in {@link #backward()} of the modulation that this was called on; the result's own {@code
   * forward} and {@code backward} are never called.
   */
  Modulation shared();

  /** Takes all gradients further down. */
  void backward();
}
