package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** Group normalisation with affine parameters, epsilon 1e-6 as latent diffusion sets it. */
final class GroupNorm implements Layer {
  private static final double EPSILON = 1e-6;

  private final Kernels kernels;
  private final Tensor gamma;
  private final Tensor beta;
  private final int groups;

  GroupNorm(Kernels kernels, ParameterScope parameters, int groups) {
    this.kernels = kernels;
    this.gamma = parameters.tensor("weight");
    this.beta = parameters.tensor("bias");
    this.groups = groups;
  }

  @Override
  public Tensor forward(Tensor x, Activations activations) {
    Tensor out = activations.borrow(x.shape());
    kernels.groupNorm(x, groups, gamma, beta, EPSILON, out);
    return out;
  }
}
