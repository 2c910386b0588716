package org.latte4j.model.latte;

import org.latte4j.model.kernels.Tensor;

/**
 * What a block computes beside its residual stream: attention or the feed-forward layer. Keeps what
 * its backward pass needs.
 */
interface Branch {
  /**
   * One forward pass.
   *
   * @param input [R, D]; must stay as it is until the backward pass
   * @param out [R, D]: the result before {@link #bias()} is added
   */
  void forward(Tensor input, Tensor out);

  /** The bias [D] of the last linear map, which the residual adds. */
  Tensor bias();

  /** The bias's gradient [D], to be added to. */
  Tensor biasGradient();

  /**
   * The backward pass; adds the gradients of the parameters but {@link #bias()}.
   *
   * @param input of the forward pass
   * @param dOut [R, D]
   * @param g working storage; {@code dOut} and {@code dInput} may be its {@code branch} and {@code
   *     input}
   * @param dInput [R, D], overwritten
   */
  void backward(Tensor input, Tensor dOut, BlockGradients g, Tensor dInput);
}
