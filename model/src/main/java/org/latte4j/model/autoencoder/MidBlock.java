package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;

/** The middle of encoder and decoder: a residual block, attention, a residual block. */
final class MidBlock {
  private MidBlock() {}

  static Layer of(Kernels kernels, ParameterScope parameters, int groups) {
    return Sequential.of(
        new ResnetBlock(kernels, parameters.in("resnets.0"), groups),
        new AttentionBlock(kernels, parameters.in("attentions.0"), groups),
        new ResnetBlock(kernels, parameters.in("resnets.1"), groups));
  }
}
