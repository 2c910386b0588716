package org.latte4j.model.kernels;

/**
 * The operations of the convolutional autoencoder. Images are [B, C, H, W]. The conventions of
 * {@link Kernels} hold.
 */
public interface ImageKernels {
  /**
   * 2-D cross-correlation with bias, zero padding.
   *
   * @param x [B, C, H, W]
   * @param weight [O, C, k, k]
   * @param bias [O]
   * @param stride 1 or more
   * @param padBefore rows above and columns left of the image
   * @param padAfter rows below and columns right of it (the encoder's downsampling pads only here)
   * @param out [B, O, (H + padBefore + padAfter - k) / stride + 1, likewise W]
   */
  void convolution(
      Tensor x, Tensor weight, Tensor bias, int stride, int padBefore, int padAfter, Tensor out);

  /**
   * Backward of {@link #convolution}: sets {@code dX}, adds to {@code dWeight} and {@code dBias}.
   *
   * @param x [B, C, H, W], the input of the forward pass
   * @param weight [O, C, k, k]
   * @param dOut [B, O, H', W']
   */
  void convolutionBackward(
      Tensor x,
      Tensor weight,
      int stride,
      int padBefore,
      int padAfter,
      Tensor dOut,
      Tensor dX,
      Tensor dWeight,
      Tensor dBias);

  /**
   * Group normalisation with affine parameters: statistics over a group's channels and all pixels
   * of one image.
   *
   * @param groups a divisor of C
   * @param gamma scale [C]
   * @param beta shift [C]
   */
  void groupNorm(Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon, Tensor out);

  /**
   * Backward of {@link #groupNorm}: sets {@code dX}, adds to {@code dGamma} and {@code dBeta}.
   * Means and deviations are computed again.
   *
   * @param x [B, C, H, W], the input of the forward pass
   */
  void groupNormBackward(
      Tensor x,
      int groups,
      Tensor gamma,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dGamma,
      Tensor dBeta);

  /** Repeats every pixel 2 x 2. x [B, C, H, W], out [B, C, 2H, 2W]. */
  void upsampleNearest(Tensor x, Tensor out);

  /** Backward of {@link #upsampleNearest}: {@code dX} is set to the sum over each 2 x 2. */
  void upsampleNearestBackward(Tensor dOut, Tensor dX);
}
