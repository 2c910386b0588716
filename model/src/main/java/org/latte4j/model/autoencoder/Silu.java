package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** x sigmoid(x). */
record Silu(Kernels kernels) implements Layer {
  @Override
  public Tensor forward(Tensor x, Activations activations) {
    Tensor out = activations.borrow(x.shape());
    kernels.silu(x, out);
    return out;
  }
}
