package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** Group normalisation with affine parameters, epsilon 1e-6 as latent diffusion sets it. */
final class GroupNorm implements Layer {
  private static final double EPSILON = 1e-6;

  private final Kernels kernels;
  private final ParameterScope parameters;
  private final Tensor gamma;
  private final Tensor beta;
  private final int groups;

  GroupNorm(Kernels kernels, ParameterScope parameters, int groups) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.gamma = parameters.tensor("weight");
    this.beta = parameters.tensor("bias");
    this.groups = groups;
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor out = pass.borrow(x.shape());
    kernels.groupNorm(x, groups, gamma, beta, EPSILON, out);
    pass.done(x, out, (dOut, dX, buffers) -> backward(x, dOut, dX));
    return out;
  }

  private void backward(Tensor x, Tensor dOut, Tensor dX) {
    Tensor dGamma = parameters.gradient("weight");
    Tensor dBeta = parameters.gradient("bias");
    kernels.groupNormBackward(x, groups, gamma, EPSILON, dOut, dX, dGamma, dBeta);
  }
}
