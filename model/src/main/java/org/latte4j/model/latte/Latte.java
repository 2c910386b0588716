package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * The Latte network (arXiv 2401.03048, sections 3.2 and 3.3).
 *
 * <pre>
 *   tokens = PatchEmbedding(x) + spatial positions           [B F t, D]
 *   c = TimestepEmbedding(t) + LabelEmbedding(y)             [B, D], or tokens among the others
 *       (or TextEmbedding(text) instead of a label)
 *   for each block of the variant (see {@link BlockStack}):
 *     tokens += temporal positions                           once
 *     tokens = block(tokens, c)
 *   out = FinalLayer(tokens, c)                              [B, F, 2C, H, W]
 * </pre>
 *
 * <p>For joint training N image frames follow each clip's own (section 3.4): they share the clip's
 * timestep, have a label each, and stay out of all temporal modules.
 *
 * <p>Tokens keep one order throughout (see {@link TokenLayout}); what is spatial or temporal is
 * which rows attend to each other. All arrays are planned when the network is made, for one batch
 * size; a pass allocates nothing off-heap. Parameters and gradients belong to the caller;
 * everything else to this object, which frees it when closed. Not thread-safe.
 */
public final class Latte implements AutoCloseable {
  private final Kernels kernels;
  private final LatteConfiguration configuration;
  private final LattePlan plan;
  private final TokenLayout layout;
  private final Arena arena;
  private final PassInputs inputs;

  private final Tensor spatialPositions;
  private final Tensor temporalPositions;
  private final PatchEmbedding patchEmbedding;
  private final Condition condition;
  private final List<TransformerBlock> blocks;
  private final FinalLayer finalLayer;
  private final Tensor out;

  private final Tensor[] blockInputs;
  private final List<Backward> backward;
  private boolean forwardDone;

  /** Storage of backward passes. */
  private record Backward(Tensor dTokens, BlockGradients storage) {}

  /**
   * Plans a network over existing parameters.
   *
   * @param kernels the arithmetic; must outlive the network
   * @param parameters [P] in the order of {@link ParameterLayout}
   * @param gradients [P], added to by backward passes; for inference pass {@code parameters}
   * @throws IllegalArgumentException if the plan asks for images that this architecture cannot take
   */
  public Latte(
      Kernels kernels,
      LatteConfiguration configuration,
      LattePlan plan,
      Tensor parameters,
      Tensor gradients) {
    configuration.checkImages(plan.images());
    this.kernels = kernels;
    this.configuration = configuration;
    this.plan = plan;
    this.layout = TokenLayout.of(configuration, plan);
    ParameterViews views =
        new ParameterViews(new ParameterLayout(configuration), parameters, gradients);
    this.arena = kernels.arena();
    this.inputs = new PassInputs(kernels, arena, configuration, plan);
    int d = configuration.hiddenSize();
    this.spatialPositions = arena.allocate(configuration.tokens(), d);
    this.temporalPositions = arena.allocate(configuration.tokenFrames(), d);
    positions(PositionTables.of(configuration));
    this.patchEmbedding =
        new PatchEmbedding(kernels, arena, configuration, plan, layout, views, spatialPositions);
    this.condition =
        configuration.architecture().conditioning() == Conditioning.ALL_TOKENS
            ? new ConditionTokens(kernels, arena, configuration, layout, views)
            : new ConditionVector(kernels, arena, configuration, layout, views);
    this.blocks =
        new BlockStack(kernels, arena, configuration, plan, layout, views, condition).blocks();
    this.finalLayer = new FinalLayer(kernels, arena, configuration, plan, layout, views, condition);
    this.out =
        arena.allocate(
            plan.batch(),
            configuration.latent().frames() + plan.images(),
            2 * configuration.latent().channels(),
            configuration.latent().height(),
            configuration.latent().width());
    this.blockInputs = new Tensor[blocks.size() + 1];
    this.backward =
        plan.purpose() == LattePlan.Purpose.INFERENCE
            ? List.of()
            : List.of(
                new Backward(
                    arena.allocate(layout.rows(), d), new BlockGradients(arena, layout, d)));
  }

  /**
   * Replaces the position tables, for weights whose files bring their own. A temporal table changes
   * nothing with rotary positions.
   */
  public void positions(PositionTables tables) {
    kernels.upload(tables.spatial(), spatialPositions);
    kernels.upload(tables.temporal(), temporalPositions);
  }

  /** The sizes of this network. */
  public LatteConfiguration configuration() {
    return configuration;
  }

  /** What the network was planned for. */
  public LattePlan plan() {
    return plan;
  }

  /** Bytes of off-heap memory that activations and working storage take. */
  public long bytes() {
    return arena.bytes();
  }

  /**
   * One forward pass over clips without images.
   *
   * @param x noisy latents [B, F, C, H, W]
   * @param t timesteps [B], 0..999
   * @param y classes [B], 0..K where K is the null label; empty if the model has no classes
   * @return predicted noise and variance values [B, F, 2C, H, W]; overwritten by the next pass
   */
  public Tensor forward(Tensor x, int[] t, int[] y) {
    return forward(x, t, y, new int[0]);
  }

  /**
   * Sets the texts of the passes that follow, until others are set; at first there is none, which
   * is all zeros.
   *
   * @param text embeddings [B, 77, 768]
   * @throws IllegalArgumentException if the network is told no text, or there are not B of them
   */
  public void text(Tensor text) {
    inputs.setText(text);
  }

  /**
   * One forward pass over clips with images.
   *
   * @param x noisy latents [B, F + N, C, H, W], each clip's images after its frames
   * @param t timesteps [B], 0..999
   * @param y classes [B], 0..K where K is the null label; empty if the model has no classes
   * @param imageY classes of the images [B, N], likewise
   * @return predicted noise and variance values [B, F + N, 2C, H, W]; overwritten by the next pass
   */
  public Tensor forward(Tensor x, int[] t, int[] y, int[] imageY) {
    inputs.set(x, t, y, imageY);
    condition.forward(inputs);
    Tensor stream = patchEmbedding.forward(x);
    condition.place(stream);
    int temporal = BlockStack.firstTemporalBlock(configuration);
    for (int i = 0; i < blocks.size(); i++) {
      if (i == temporal) {
        addTemporalPositions(stream);
      }
      blockInputs[i] = stream;
      stream = blocks.get(i).forward(stream);
    }
    finalLayer.forward(stream, out);
    forwardDone = true;
    return out;
  }

  private void addTemporalPositions(Tensor tokens) {
    if (configuration.architecture().temporalPosition() == TemporalPosition.ABSOLUTE) {
      kernels.addTable(layout.video().rows(tokens), temporalPositions, layout.places());
    }
  }

  /**
   * The backward pass of the last {@link #forward}: adds the gradients of all parameters.
   *
   * @param dOut the loss's gradient with respect to the output [B, F + N, 2C, H, W]
   * @throws IllegalStateException if the network was planned for inference, or no forward pass was
   *     made
   */
  public void backward(Tensor dOut) {
    if (backward.isEmpty()) {
      throw new IllegalStateException("this network was planned for inference: no backward pass");
    }
    if (!forwardDone) {
      throw new IllegalStateException("a backward pass needs a forward pass before it");
    }
    Tensor dTokens = backward.get(0).dTokens();
    BlockGradients storage = backward.get(0).storage();
    condition.beginBackward();
    finalLayer.backward(dOut, storage.input, dTokens);
    int last = blocks.size() - 1;
    for (int i = last; i >= 0; i--) {
      TransformerBlock block = blocks.get(i);
      if (plan.purpose() == LattePlan.Purpose.CHECKPOINTED_TRAINING && i < last) {
        // The last block's activations are still there; those of the others were overwritten.
        block.forward(blockInputs[i]);
      }
      block.backward(dTokens, storage);
    }
    patchEmbedding.backward(dTokens);
    condition.backward(dTokens);
    forwardDone = false;
  }

  /** Frees activations and working storage; parameters and gradients stay. */
  @Override
  public void close() {
    arena.close();
  }
}
