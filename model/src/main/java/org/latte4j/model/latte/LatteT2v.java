package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;

/**
 * LatteT2V, as it was released: patches of p x p latent pixels with spatial positions, then layers
 * of a spatial block [attention, cross-attention to the text, MLP] and a temporal block [attention,
 * MLP], then the final layer. Temporal positions are added once, after the first spatial block, to
 * clips of more than one frame. For forward passes alone.
 *
 * <p>Planned for one clip and a longest text; owns its activations, which are freed when it is
 * closed. Not thread-safe.
 */
final class LatteT2v implements AutoCloseable {
  private static final int ATTENTION = 0;
  private static final int MLP = 3;
  private static final int GATE = 2;
  private static final int VECTORS = 6;

  private final Kernels kernels;
  private final LatteConfiguration configuration;
  private final TokenLayout layout;
  private final Arena arena;
  private final ParameterViews parameters;
  private final PassInputs inputs;
  private final PatchEmbedding patchEmbedding;
  private final Tensor temporalPositions;
  private final AdaLnSingle condition;
  private final CaptionProjection captions;
  private final Tensor projected;
  private final List<SpatialBlock> spatial = new ArrayList<>();
  private final List<TransformerBlock> temporal = new ArrayList<>();
  private final FinalLayer finalLayer;
  private final Tensor out;

  /** A spatial block: the text comes in between its two residuals. */
  private record SpatialBlock(
      Modulation modulation,
      Residual attention,
      CrossAttention crossAttention,
      Tensor attended,
      Residual feedForward) {
    Tensor forward(Tensor x, Tensor text) {
      modulation.forward();
      crossAttention.forward(attention.forward(x), text, attended);
      return feedForward.forward(attended);
    }
  }

  /**
   * Plans a network over existing parameters.
   *
   * @param parameters [P] in the order of {@link T2vLayout}
   * @param tokens of a text, at most
   */
  LatteT2v(Kernels kernels, T2vConfiguration sizes, Tensor parameters, int tokens) {
    this.kernels = kernels;
    this.configuration = sizes.network();
    LattePlan plan = LattePlan.inference(1);
    this.layout = TokenLayout.of(configuration, plan);
    this.arena = kernels.arena();
    this.parameters = new ParameterViews(new T2vLayout(sizes), parameters);
    this.inputs = new PassInputs(kernels, arena, configuration, plan);
    int d = configuration.hiddenSize();
    PositionTables positions = PositionTables.of(configuration);
    Tensor spatialPositions = arena.allocate(configuration.tokens(), d);
    kernels.upload(positions.spatial(), spatialPositions);
    this.temporalPositions = arena.allocate(configuration.tokenFrames(), d);
    kernels.upload(positions.temporal(), temporalPositions);
    this.patchEmbedding =
        new PatchEmbedding(
            kernels, arena, configuration, plan, layout, this.parameters, spatialPositions);
    this.condition =
        new AdaLnSingle(kernels, arena, configuration, layout.items(), this.parameters);
    this.captions = new CaptionProjection(kernels, arena, this.parameters, tokens, d);
    this.projected = arena.allocate(tokens, d);
    plan(sizes.layers(), tokens);
    this.finalLayer =
        new FinalLayer(kernels, arena, configuration, plan, layout, this.parameters, condition);
    this.out =
        arena.allocate(
            1,
            configuration.latent().frames(),
            2 * configuration.latent().channels(),
            configuration.latent().height(),
            configuration.latent().width());
  }

  /** Blocks share their activations, but for a block's output, which the next one reads. */
  private void plan(int layers, int tokens) {
    int d = configuration.hiddenSize();
    Tensor ones = arena.allocate(1, d);
    kernels.fill(ones, 1);
    SharedStorage shared = new SharedStorage(arena);
    Tensor spatialOutput = arena.allocate(layout.rows(), d);
    Tensor temporalOutput = arena.allocate(layout.rows(), d);
    for (int i = 0; i < layers; i++) {
      shared.restart();
      String name = T2vLayout.spatialBlock(i);
      Modulation modulation = modulation(shared, name);
      Residual attention = attention(shared, name, modulation, layout.spatial());
      CrossAttention crossAttention =
          new CrossAttention(
              kernels,
              shared,
              parameters,
              name + ".attn2",
              configuration.heads(),
              layout.rows(),
              tokens,
              ones);
      Tensor attended = shared.allocate(layout.rows(), d);
      spatial.add(
          new SpatialBlock(
              modulation,
              attention,
              crossAttention,
              attended,
              feedForward(shared, name, modulation, spatialOutput)));
      shared.restart();
      String temporalName = T2vLayout.temporalBlock(i);
      Modulation temporalModulation = modulation(shared, temporalName);
      temporal.add(
          new TransformerBlock(
              temporalModulation,
              List.of(
                  attention(shared, temporalName, temporalModulation, layout.temporal()),
                  feedForward(shared, temporalName, temporalModulation, temporalOutput))));
    }
  }

  private Modulation modulation(Arena storage, String name) {
    return condition.modulation(storage, name, layout.all(), VECTORS);
  }

  private Residual attention(
      Arena storage, String name, Modulation modulation, TokenSequences sequences) {
    Branch branch =
        new SelfAttention(
            kernels,
            storage,
            parameters,
            name + ".attn1",
            configuration.heads(),
            layout.rows(),
            configuration.hiddenSize(),
            sequences,
            List.of());
    Tensor result = storage.allocate(layout.rows(), configuration.hiddenSize());
    return residual(storage, branch, modulation, ATTENTION, result);
  }

  private Residual feedForward(Arena storage, String name, Modulation modulation, Tensor result) {
    Branch branch =
        new FeedForward(
            kernels, storage, parameters, name + ".ff", layout.rows(), configuration.hiddenSize());
    return residual(storage, branch, modulation, MLP, result);
  }

  private Residual residual(
      Arena storage, Branch branch, Modulation modulation, int shift, Tensor result) {
    return new Residual(
        kernels,
        storage,
        branch,
        layout.all(),
        modulation,
        shift,
        Gate.of(modulation, shift + GATE),
        result);
  }

  /**
   * One forward pass.
   *
   * @param x noisy latents [F, C, H, W]
   * @param t timestep
   * @param text [L, W]
   * @return predicted noise and variance values [1, F, 2C, H, W]; overwritten by the next pass
   */
  Tensor forward(Tensor x, int t, Tensor text) {
    inputs.set(x, new int[] {t}, new int[0], new int[0]);
    condition.forward(inputs);
    Tensor tokens = RowGroup.part(projected, 0, text.size(0));
    captions.forward(text, tokens);
    Tensor stream = patchEmbedding.forward(x);
    for (int i = 0; i < spatial.size(); i++) {
      stream = spatial.get(i).forward(stream, tokens);
      if (i == 0 && configuration.tokenFrames() > 1) {
        kernels.addTable(stream, temporalPositions, layout.places());
      }
      stream = temporal.get(i).forward(stream);
    }
    finalLayer.forward(stream, out);
    return out;
  }

  @Override
  public void close() {
    arena.close();
  }
}
