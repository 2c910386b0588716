package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** Doubles height and width: nearest neighbours, then a convolution. */
final class Upsample implements Layer {
  private final Kernels kernels;
  private final Convolution convolution;

  Upsample(Kernels kernels, ParameterScope parameters) {
    this.kernels = kernels;
    this.convolution = Convolution.same(kernels, parameters.in("conv"));
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor large = pass.borrow(x.size(0), x.size(1), 2 * x.size(2), 2 * x.size(3));
    kernels.upsampleNearest(x, large);
    pass.done(x, large, (dOut, dX, buffers) -> kernels.upsampleNearestBackward(dOut, dX));
    Tensor out = convolution.forward(large, pass);
    pass.giveBack(large);
    return out;
  }
}
