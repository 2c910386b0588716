package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;

/**
 * The Latte network, Variant 1 (arXiv 2401.03048, section 3.2, figure 2a): spatial and temporal
 * transformer blocks in turn.
 *
 * <pre>
 *   tokens = PatchEmbedding(x) + spatial positions           [B F t, D]
 *   c = TimestepEmbedding(t) + LabelEmbedding(y)             [B, D]
 *   for each pair of blocks:
 *     tokens = spatial block(tokens, c)     attention among the t tokens of a frame
 *     tokens += temporal positions          after the first spatial block only
 *     tokens = temporal block(tokens, c)    attention among the F tokens of a place
 *   out = FinalLayer(tokens, c)                              [B, F, 2C, H, W]
 * </pre>
 *
 * <p>Tokens keep the order [B, F, t] throughout; what is spatial or temporal is which rows attend
 * to each other. All arrays are planned when the network is made, for one batch size; a pass
 * allocates nothing. Parameters and gradients belong to the caller; everything else to this object,
 * which frees it when closed. Not thread-safe.
 */
public final class Latte implements AutoCloseable {

  /** What the network is planned for. */
  public enum Purpose {
    /** Forward and backward passes: every block keeps its activations. */
    TRAINING,
    /** Forward passes alone: blocks share activations. */
    INFERENCE
  }

  private final Kernels kernels;
  private final LatteConfiguration configuration;
  private final int batch;
  private final Purpose purpose;
  private final Arena arena;

  private final PatchEmbedding patchEmbedding;
  private final TimestepEmbedding timestepEmbedding;
  private final List<LabelEmbedding> labelEmbedding;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final FinalLayer finalLayer;

  private final Tensor spatialPositions;
  private final Tensor temporalPositions;
  private final Tensor tokens;
  private final Tensor condition;
  private final Tensor activatedCondition;
  private final Tensor out;
  private final List<Tensor> blockInputs = new ArrayList<>();
  private Tensor lastTokens;

  private Tensor dTokens;
  private Tensor dCondition;
  private Tensor dActivatedCondition;
  private BlockGradients blockGradients;
  private int[] labels = {};

  /**
   * Plans a network over existing parameters.
   *
   * @param kernels the arithmetic; must outlive the network
   * @param batch B, the number of clips of every pass
   * @param parameters [P] in the order of {@link ParameterLayout}
   * @param gradients [P], added to by backward passes; for inference pass {@code parameters}
   */
  public Latte(
      Kernels kernels,
      LatteConfiguration configuration,
      int batch,
      Purpose purpose,
      Tensor parameters,
      Tensor gradients) {
    if (batch < 1) {
      throw new IllegalArgumentException("the batch size must be at least 1, not " + batch);
    }
    this.kernels = kernels;
    this.configuration = configuration;
    this.batch = batch;
    this.purpose = purpose;
    ParameterViews views =
        new ParameterViews(new ParameterLayout(configuration), parameters, gradients);
    this.arena = kernels.arena();
    int d = configuration.hiddenSize();
    int frames = configuration.latent().frames();
    int t = configuration.tokens();
    int rows = batch * frames * t;
    this.spatialPositions = arena.allocate(t, d);
    this.temporalPositions = arena.allocate(frames, d);
    positions(PositionTables.of(configuration));
    this.patchEmbedding =
        new PatchEmbedding(kernels, arena, configuration, batch, views, spatialPositions);
    this.timestepEmbedding = new TimestepEmbedding(kernels, arena, configuration, batch, views);
    this.labelEmbedding =
        configuration.conditional() ? List.of(new LabelEmbedding(kernels, views)) : List.of();
    this.tokens = arena.allocate(rows, d);
    this.condition = arena.allocate(batch, d);
    this.activatedCondition = arena.allocate(batch, d);
    planBlocks(views);
    this.finalLayer = new FinalLayer(kernels, arena, configuration, batch, views);
    this.out =
        arena.allocate(
            batch,
            frames,
            2 * configuration.latent().channels(),
            configuration.latent().height(),
            configuration.latent().width());
    if (purpose == Purpose.TRAINING) {
      this.dTokens = arena.allocate(rows, d);
      this.dCondition = arena.allocate(batch, d);
      this.dActivatedCondition = arena.allocate(batch, d);
      this.blockGradients = new BlockGradients(arena, configuration, batch);
    }
  }

  private void planBlocks(ParameterViews views) {
    int frames = configuration.latent().frames();
    int t = configuration.tokens();
    List<TokenSequences> alternating =
        List.of(
            TokenSequences.spatial(batch, frames, t), TokenSequences.temporal(batch, frames, t));
    List<BlockActivations> shared = new ArrayList<>();
    for (int i = 0; i < configuration.depth(); i++) {
      TokenSequences sequences = alternating.get(i % 2);
      BlockActivations activations;
      if (purpose == Purpose.INFERENCE && i >= 2) {
        activations = shared.get(i % 2);
      } else {
        activations = new BlockActivations(arena, configuration, batch, sequences);
        shared.add(activations);
      }
      blocks.add(
          new TransformerBlock(
              kernels, configuration, views, "blocks." + i, sequences, activations));
    }
  }

  /** Replaces the position tables, for weights whose files bring their own. */
  public void positions(PositionTables tables) {
    kernels.upload(tables.spatial(), spatialPositions);
    kernels.upload(tables.temporal(), temporalPositions);
  }

  /** The sizes of this network. */
  public LatteConfiguration configuration() {
    return configuration;
  }

  /** B. */
  public int batch() {
    return batch;
  }

  /** Bytes of off-heap memory that activations and working storage take. */
  public long bytes() {
    return arena.bytes();
  }

  /**
   * One forward pass.
   *
   * @param x noisy latents [B, F, C, H, W]
   * @param t timesteps [B], 0..999
   * @param y classes [B], 0..K where K is the null label; empty if the model has no classes
   * @return predicted noise and variance values [B, F, 2C, H, W]; overwritten by the next pass
   */
  public Tensor forward(Tensor x, int[] t, int[] y) {
    checkInputs(x, t, y);
    labels = y.clone();
    timestepEmbedding.forward(t, condition);
    labelEmbedding.forEach(table -> table.forward(labels, condition));
    kernels.silu(condition, activatedCondition);

    patchEmbedding.forward(x, tokens);
    blockInputs.clear();
    Tensor stream = tokens;
    for (int i = 0; i < blocks.size(); i++) {
      if (i == 1) {
        kernels.addTable(stream, temporalPositions, configuration.tokens());
      }
      blockInputs.add(stream);
      stream = blocks.get(i).forward(stream, activatedCondition);
    }
    lastTokens = stream;
    finalLayer.forward(stream, activatedCondition, out);
    return out;
  }

  /**
   * The backward pass of the last {@link #forward}: adds the gradients of all parameters.
   *
   * @param dOut the loss's gradient with respect to the output [B, F, 2C, H, W]
   * @throws IllegalStateException if the network was planned for inference, or no forward pass was
   *     made
   */
  public void backward(Tensor dOut) {
    if (purpose != Purpose.TRAINING) {
      throw new IllegalStateException("this network was planned for inference: no backward pass");
    }
    if (lastTokens == null) {
      throw new IllegalStateException("a backward pass needs a forward pass before it");
    }
    kernels.fill(dActivatedCondition, 0);
    finalLayer.backward(
        lastTokens, dOut, activatedCondition, dActivatedCondition, blockGradients.input, dTokens);
    for (int i = blocks.size() - 1; i >= 0; i--) {
      blocks
          .get(i)
          .backward(
              blockInputs.get(i), dTokens, activatedCondition, dActivatedCondition, blockGradients);
    }
    patchEmbedding.backward(dTokens);
    kernels.siluBackward(condition, dActivatedCondition, dCondition);
    labelEmbedding.forEach(table -> table.backward(labels, dCondition));
    timestepEmbedding.backward(dCondition);
    lastTokens = null;
  }

  private void checkInputs(Tensor x, int[] t, int[] y) {
    if (x.length() != (long) batch * configuration.latent().length()) {
      throw new IllegalArgumentException(
          "the network is planned for %d clips of %s: %d values, but x holds %d"
              .formatted(
                  batch,
                  configuration.latent(),
                  (long) batch * configuration.latent().length(),
                  x.length()));
    }
    if (t.length != batch) {
      throw new IllegalArgumentException(
          "%d timesteps for a batch of %d clips".formatted(t.length, batch));
    }
    if (y.length != (configuration.conditional() ? batch : 0)) {
      throw new IllegalArgumentException(
          configuration.conditional()
              ? "%d classes for a batch of %d clips".formatted(y.length, batch)
              : "the model has no classes, but %d were given".formatted(y.length));
    }
    for (int label : y) {
      if (label < 0 || label > configuration.classes()) {
        throw new IllegalArgumentException(
            "class %d is outside 0..%d (%d is the null label)"
                .formatted(label, configuration.classes(), configuration.nullLabel()));
      }
    }
  }

  /** Frees activations and working storage; parameters and gradients stay. */
  @Override
  public void close() {
    arena.close();
  }
}
