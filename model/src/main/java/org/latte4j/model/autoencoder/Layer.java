package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Tensor;

/** A part of the convolutional network: images [B, C, H, W] in, images out. */
interface Layer {
  /**
   * The output for {@code x}.
   *
   * @param x stays the caller's, unchanged
   * @param pass where the output and everything in between is borrowed, and every operation is
   *     told; whoever calls gives the output back
   */
  Tensor forward(Tensor x, Pass pass);
}
