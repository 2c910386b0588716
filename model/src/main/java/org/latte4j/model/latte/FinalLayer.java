package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/**
 * LN, shift and scale, a linear map to p p 2C values a token, and back to frames: in each frame C
 * channels of noise, then C of variance values.
 */
final class FinalLayer {
  private static final int SHIFT = 0;
  private static final int SCALE = 1;
  private static final int[] TO_FRAMES = {0, 5, 1, 3, 2, 4};
  private static final int[] TO_PATCHES = {0, 2, 4, 3, 5, 1};

  private final Kernels kernels;
  private final Linear adaLn;
  private final Linear linear;
  private final Tensor modulation;
  private final Tensor statistics;
  private final Tensor normed;
  private final Tensor patches;
  private final Tensor patchesByPixel;
  private final Tensor dModulation;
  private final int[] framesByPatch;

  FinalLayer(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      int batch,
      ParameterViews parameters) {
    this.kernels = kernels;
    this.adaLn = new Linear(kernels, parameters, "final_layer.adaLN_modulation.1");
    this.linear = new Linear(kernels, parameters, "final_layer.linear");
    int d = configuration.hiddenSize();
    int p = configuration.patchSize();
    int frames = batch * configuration.latent().frames();
    int rows = frames * configuration.tokens();
    int channels = 2 * configuration.latent().channels();
    int height = configuration.rows();
    int width = configuration.columns();
    this.modulation = arena.allocate(batch, 2 * d);
    this.dModulation = arena.allocate(batch, 2 * d);
    this.statistics = arena.allocate(rows, 2);
    this.normed = arena.allocate(rows, d);
    this.patches = arena.allocate(rows, p * p * channels);
    this.patchesByPixel = patches.reshape(frames, height, width, p, p, channels);
    this.framesByPatch = new int[] {frames, channels, height, p, width, p};
  }

  /** x [R, D], condition [B, D], out [B, F, 2C, H, W]. */
  void forward(Tensor x, Tensor condition, Tensor out) {
    adaLn.forward(condition, modulation);
    kernels.normModulate(x, modulation, SHIFT, SCALE, statistics, normed);
    linear.forward(normed, patches);
    kernels.permute(patchesByPixel, TO_FRAMES, out.reshape(framesByPatch));
  }

  /**
   * Sets d [R, D] to the gradient of x.
   *
   * @param working [R, D], overwritten
   */
  void backward(
      Tensor x, Tensor dOut, Tensor condition, Tensor dCondition, Tensor working, Tensor d) {
    kernels.permute(dOut.reshape(framesByPatch), TO_PATCHES, patchesByPixel);
    linear.backwardParameters(normed, patches);
    linear.backwardInput(patches, Write.SET, working);
    kernels.fill(d, 0);
    kernels.normModulateBackward(x, statistics, modulation, SHIFT, SCALE, working, d, dModulation);
    adaLn.backwardParameters(condition, dModulation);
    adaLn.backwardInput(dModulation, Write.ADD, dCondition);
  }
}
