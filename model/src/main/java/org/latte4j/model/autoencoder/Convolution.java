package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** A convolution with bias; the kernel size is that of the weights [O, C, k, k]. */
final class Convolution implements Layer {
  private final Kernels kernels;
  private final ParameterScope parameters;
  private final Tensor weight;
  private final Tensor bias;
  private final int stride;
  private final int padBefore;
  private final int padAfter;

  private Convolution(
      Kernels kernels, ParameterScope parameters, int stride, int padBefore, int padAfter) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.weight = parameters.tensor("weight");
    this.bias = parameters.tensor("bias");
    this.stride = stride;
    this.padBefore = padBefore;
    this.padAfter = padAfter;
  }

  /** Keeps height and width. */
  static Convolution same(Kernels kernels, ParameterScope parameters) {
    int pad = parameters.tensor("weight").size(2) / 2;
    return new Convolution(kernels, parameters, 1, pad, pad);
  }

  /**
   * Halves height and width: stride 2, padded below and to the right only, as latent diffusion's
   * encoder does.
   */
  static Convolution halving(Kernels kernels, ParameterScope parameters) {
    return new Convolution(kernels, parameters, 2, 0, 1);
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor out =
        pass.borrow(x.size(0), weight.size(0), outputSize(x.size(2)), outputSize(x.size(3)));
    kernels.convolution(x, weight, bias, stride, padBefore, padAfter, out);
    pass.done(x, out, (dOut, dX, buffers) -> backward(x, dOut, dX));
    return out;
  }

  private void backward(Tensor x, Tensor dOut, Tensor dX) {
    kernels.convolutionBackward(
        x,
        weight,
        stride,
        padBefore,
        padAfter,
        dOut,
        dX,
        parameters.gradient("weight"),
        parameters.gradient("bias"));
  }

  private int outputSize(int size) {
    return (size + padBefore + padAfter - weight.size(2)) / stride + 1;
  }
}
