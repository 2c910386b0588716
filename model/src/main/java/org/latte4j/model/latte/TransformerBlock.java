package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.kernels.Tensor;

/** A transformer block: a few residuals in turn, steered by one modulation. */
final class TransformerBlock {
  private final Modulation modulation;
  private final List<Residual> residuals;

  TransformerBlock(Modulation modulation, List<Residual> residuals) {
    this.modulation = modulation;
    this.residuals = List.copyOf(residuals);
  }

  /**
   * One forward pass.
   *
   * @param x [R, D]; must stay as it is until the backward pass
   * @return the output [R, D], overwritten by this block's next pass
   */
  Tensor forward(Tensor x) {
    modulation.forward();
    Tensor stream = x;
    for (Residual residual : residuals) {
      stream = residual.forward(stream);
    }
    return stream;
  }

  /**
   * The backward pass of the last forward pass; adds the gradients of the parameters.
   *
   * @param d [R, D]: the output's gradient, turned into the input's in place
   */
  void backward(Tensor d, BlockGradients g) {
    for (int i = residuals.size() - 1; i >= 0; i--) {
      residuals.get(i).backward(d, g);
    }
    modulation.backward();
  }
}
