package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Tensor;

/**
 * One run of images through layers: lends them tensors, and hears of every operation, so that it
 * can be gone back through for gradients. {@link Activations} only infers and forgets; a {@link
 * Recording} remembers.
 */
interface Pass {
  /** A tensor with arbitrary values. */
  Tensor borrow(int... shape);

  /**
   * Layers need a tensor no more. A pass that will be gone back through keeps it.
   *
   * @param tensor the very handle that {@link #borrow} returned
   */
  void giveBack(Tensor tensor);

  /**
   * An operation has been done. Every tensor that its way back needs, but for the input, was
   * borrowed since the operation before.
   *
   * @param input all that the gradient goes back to, besides parameters
   * @param output what the next layer takes: the very handle
   */
  void done(Tensor input, Tensor output, Backward backward);

  /** {@code sum += term} has been done; the sum's values before were another operation's output. */
  void added(Tensor term, Tensor sum);

  /** The way back through one operation. */
  @FunctionalInterface
  interface Backward {
    /**
     * Sets the input's gradient and adds to those of the parameters.
     *
     * @param dOut gradient of the output
     * @param dInput gradient of the input, its values arbitrary before
     * @param buffers where working memory is borrowed, and given back
     */
    void run(Tensor dOut, Tensor dInput, Activations buffers);
  }
}
