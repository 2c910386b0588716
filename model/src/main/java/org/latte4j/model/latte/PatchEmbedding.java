package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Patch embedding (section 3.3.1); then the fixed spatial position table is added.
 *
 * <ul>
 *   <li>Uniform frame: every frame is cut into patches of p x p latent pixels, each mapped to D
 *       values, as ViT does it.
 *   <li>Compression frame: tubelets of s frames x p x p latent pixels are mapped, as ViViT does it
 *       (a 3-D convolution whose stride is its size), so that there are F / s frames of tokens.
 * </ul>
 */
final class PatchEmbedding {
  /** [frames, s, C, h, p, w, p] to [frames, h, w, C, s, p, p]. */
  private static final int[] TO_PATCHES = {0, 3, 5, 2, 1, 4, 6};

  private final Kernels kernels;
  private final Linear projection;
  private final Tensor positions;
  private final FrameOrder order;
  private final PatchTokens patchTokens;
  private final int[] splitFrames;
  private final Tensor patches;
  private final Tensor patchesByPixel;
  private final Tensor tokens;

  PatchEmbedding(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      LattePlan plan,
      TokenLayout layout,
      ParameterViews parameters,
      Tensor positions) {
    this.kernels = kernels;
    this.projection = new Linear(kernels, parameters, "x_embedder.proj");
    this.positions = positions;
    int frames = layout.allFrames();
    int stride = configuration.architecture().temporalStride();
    int channels = configuration.latent().channels();
    int p = configuration.patchSize();
    int height = configuration.rows();
    int width = configuration.columns();
    this.order = new FrameOrder(kernels, arena, configuration, plan, channels);
    this.patchTokens = new PatchTokens(kernels, arena, configuration, layout);
    this.splitFrames = new int[] {frames, stride, channels, height, p, width, p};
    this.patches = arena.allocate(frames * height * width, configuration.patchLength());
    this.patchesByPixel = patches.reshape(frames, height, width, channels, stride, p, p);
    this.tokens = arena.allocate(layout.rows(), configuration.hiddenSize());
  }

  /**
   * Tokens of the latents.
   *
   * @param x [B, F + N, C, H, W]
   * @return [R, D], in the layout's order; the places of condition tokens are left alone
   */
  Tensor forward(Tensor x) {
    Tensor frames = order.videosFirst(x).reshape(splitFrames);
    kernels.permute(frames, TO_PATCHES, patchesByPixel);
    Tensor embedded = patchTokens.target(tokens);
    projection.forward(patches, embedded);
    kernels.addTable(embedded, positions, 1);
    patchTokens.place(tokens);
    return tokens;
  }

  /** Adds the projection's gradients; the latents' own gradient is not needed. */
  void backward(Tensor dTokens) {
    projection.backwardParameters(patches, patchTokens.of(dTokens));
  }
}
