package org.latte4j.model.latte;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/** Uniform frames: the values of a patch are its pixels. */
final class Unpatchify implements FrameDecoder {
  private static final int[] TO_FRAMES = {0, 5, 1, 3, 2, 4};
  private static final int[] TO_PATCHES = {0, 2, 4, 3, 5, 1};

  private final Kernels kernels;

  Unpatchify(Kernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public void forward(Tensor patches, Tensor out) {
    kernels.permute(patches, TO_FRAMES, out.reshape(split(patches)));
  }

  @Override
  public void backward(Tensor dOut, Tensor dPatches) {
    kernels.permute(dOut.reshape(split(dPatches)), TO_PATCHES, dPatches);
  }

  /** [frames, 2C, h, p, w, p]. */
  private static int[] split(Tensor patches) {
    int p = patches.size(3);
    return new int[] {
      patches.size(0), patches.size(5), patches.size(1), p, patches.size(2), p,
    };
  }
}
