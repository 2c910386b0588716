package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Uniform frame patch embedding (section 3.3.1): every frame is cut into patches of p x p latent
 * pixels, each mapped to D values, as ViT does it; then the fixed spatial position table is added.
 */
final class PatchEmbedding {
  private static final int[] TO_PATCHES = {0, 2, 4, 1, 3, 5};

  private final Kernels kernels;
  private final Linear projection;
  private final Tensor positions;
  private final Tensor patches;
  private final Tensor patchesByPixel;
  private final int[] splitFrames;

  PatchEmbedding(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      int batch,
      ParameterViews parameters,
      Tensor positions) {
    this.kernels = kernels;
    this.projection = new Linear(kernels, parameters, "x_embedder.proj");
    this.positions = positions;
    int frames = batch * configuration.latent().frames();
    int channels = configuration.latent().channels();
    int p = configuration.patchSize();
    this.splitFrames =
        new int[] {frames, channels, configuration.rows(), p, configuration.columns(), p};
    this.patches = arena.allocate(frames * configuration.tokens(), configuration.patchLength());
    this.patchesByPixel =
        patches.reshape(frames, configuration.rows(), configuration.columns(), channels, p, p);
  }

  /** Tokens of the latents. x [B, F, C, H, W], tokens [B F t, D]. */
  void forward(Tensor x, Tensor tokens) {
    kernels.permute(x.reshape(splitFrames), TO_PATCHES, patchesByPixel);
    projection.forward(patches, tokens);
    kernels.addTable(tokens, positions, 1);
  }

  /** Adds the projection's gradients; the latents' own gradient is not needed. */
  void backward(Tensor dTokens) {
    projection.backwardParameters(patches, dTokens);
  }
}
