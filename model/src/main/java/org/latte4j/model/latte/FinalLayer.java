package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/**
 * LN, shift and scale, a linear map to p p 2C values a token, and back to frames: in each frame C
 * channels of predicted noise, then C of variance values. Condition tokens end here.
 */
final class FinalLayer {
  private static final String NAME = "final_layer";
  private static final int SHIFT = 0;
  private static final int SCALE = 1;
  private static final int VECTORS = 2;

  private final Kernels kernels;
  private final Modulation modulation;
  private final Linear linear;
  private final FrameDecoder decoder;
  private final FrameOrder order;
  private final PatchTokens patchTokens;
  private final PatchTokens patchGradients;
  private final TokenScope scope;
  private final Tensor statistics;
  private final Tensor normed;
  private final Tensor patches;
  private final Tensor patchesByPixel;
  private Tensor kept;

  FinalLayer(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      LattePlan plan,
      TokenLayout layout,
      ParameterViews parameters,
      Condition condition) {
    this.kernels = kernels;
    this.scope = layout.withPlaces(configuration.tokens()).all();
    this.modulation = condition.modulation(arena, NAME, scope, VECTORS);
    this.linear = new Linear(kernels, parameters, NAME + ".linear");
    int channels = 2 * configuration.latent().channels();
    this.decoder =
        configuration.architecture().temporalStride() == 1
            ? new Unpatchify(kernels)
            : new TemporalUpsampling(
                kernels, arena, configuration, layout, parameters, NAME + ".upsampling");
    this.order = new FrameOrder(kernels, arena, configuration, plan, channels);
    this.patchTokens = new PatchTokens(kernels, arena, configuration, layout);
    this.patchGradients = new PatchTokens(kernels, arena, configuration, layout);
    int d = configuration.hiddenSize();
    int p = configuration.patchSize();
    this.statistics = arena.allocate(scope.rows(), 2);
    this.normed = arena.allocate(scope.rows(), d);
    this.patches = arena.allocate(scope.rows(), p * p * channels);
    this.patchesByPixel =
        patches.reshape(
            layout.allFrames(), configuration.rows(), configuration.columns(), p, p, channels);
    this.kept = normed;
  }

  /** x [R, D], out [B, F + N, 2C, H, W]. */
  void forward(Tensor x, Tensor out) {
    modulation.forward();
    kept = patchTokens.of(x);
    for (RowGroup group : scope.groups()) {
      kernels.normModulate(
          group.rows(kept),
          modulation.values(group),
          SHIFT,
          SCALE,
          group.rows(statistics),
          group.rows(normed));
    }
    linear.forward(normed, patches);
    decoder.forward(patchesByPixel, order.target(out));
    order.byClip(out);
  }

  /**
   * Sets d [R, D] to the gradient of x.
   *
   * @param working [R, D], overwritten
   */
  void backward(Tensor dOut, Tensor working, Tensor d) {
    Tensor dNormed = scope.rows(working);
    decoder.backward(order.videosFirst(dOut), patchesByPixel);
    linear.backwardParameters(normed, patches);
    linear.backwardInput(patches, Write.SET, dNormed);
    kernels.fill(d, 0);
    Tensor dKept = patchGradients.target(d);
    kernels.fill(dKept, 0);
    for (RowGroup group : scope.groups()) {
      kernels.normModulateBackward(
          group.rows(kept),
          group.rows(statistics),
          modulation.values(group),
          SHIFT,
          SCALE,
          group.rows(dNormed),
          group.rows(dKept),
          modulation.gradients(group));
    }
    patchGradients.place(d);
    modulation.backward();
  }
}
