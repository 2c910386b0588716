package org.latte4j.model.latte;

import org.latte4j.model.kernels.Tensor;

/** The way from the final layer's patches back to frames. */
interface FrameDecoder {
  /**
   * One forward pass.
   *
   * @param patches [frames of tokens, h, w, p, p, 2C]
   * @param out [frames, 2C, H, W]
   */
  void forward(Tensor patches, Tensor out);

  /** Sets the gradient of the patches and adds those of the decoder's parameters. */
  void backward(Tensor dOut, Tensor dPatches);
}
