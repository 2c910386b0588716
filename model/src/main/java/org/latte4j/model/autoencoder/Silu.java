package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** x sigmoid(x). */
record Silu(Kernels kernels) implements Layer {
  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor out = pass.borrow(x.shape());
    kernels.silu(x, out);
    pass.done(x, out, (dOut, dX, buffers) -> kernels.siluBackward(x, dOut, dX));
    return out;
  }
}
