package org.latte4j.model.latte;

import java.io.Serializable;
import org.latte4j.model.diffusion.LatentShape;

/**
 * Sizes and architecture of one Latte network (arXiv 2401.03048, table 1 and section 3).
 *
 * @param depth number of transformer blocks; even for Variants 1 and 2, where half of them are
 *     spatial and half temporal
 * @param hiddenSize D, a multiple of {@code 4} (the spatial position table has four parts) and of
 *     {@code heads}
 * @param heads attention heads; even for Variant 4
 * @param patchSize p: tokens are p x p latent pixels
 * @param latent F, C, H, W of a clip; H and W are multiples of p, F of the temporal stride
 * @param classes K, or 0 for an unconditional model; the label table has K + 1 rows, row K is the
 *     null label
 * @param architecture what the paper varies beside sizes
 * @param positions the grid that position embeddings are laid over; the network's own, unless its
 *     weights began as those of a network of other sizes
 */
public record LatteConfiguration(
    int depth,
    int hiddenSize,
    int heads,
    int patchSize,
    LatentShape latent,
    int classes,
    Architecture architecture,
    PositionGrid positions)
    implements Serializable {

  /** Sinusoids that describe a timestep. */
  public static final int TIMESTEP_FREQUENCIES = 256;

  /** Width of the feed-forward layer as a multiple of D. */
  public static final int MLP_RATIO = 4;

  /** Checks that the sizes fit together. */
  public LatteConfiguration {
    require(depth >= 1, "depth must be at least 1, not %d", depth);
    require(
        architecture.variant().joinsSpaceAndTime() || depth % 2 == 0,
        "depth must be even, not %d: half of the blocks of variant %d are spatial, half temporal",
        depth,
        architecture.variant().number());
    require(heads >= 1, "heads must be at least 1, not %d", heads);
    require(
        hiddenSize >= 4 && hiddenSize % 4 == 0 && hiddenSize % heads == 0,
        "hidden size must be a multiple of 4 and of the %d heads, not %d",
        heads,
        hiddenSize);
    require(
        architecture.variant() != Variant.PARALLEL_ATTENTION || heads % 2 == 0,
        "heads must be even for variant 4, which gives half of them to space, not %d",
        heads);
    int headWidth = hiddenSize / blockHeads(architecture.variant(), heads);
    require(
        architecture.temporalPosition() != TemporalPosition.ROPE || headWidth % 2 == 0,
        "a head must be an even number of values wide for rotary positions, which turn them in"
            + " pairs, not %d",
        headWidth);
    require(patchSize >= 1, "patch size must be at least 1, not %d", patchSize);
    require(
        latent.height() % patchSize == 0 && latent.width() % patchSize == 0,
        "latent size %d x %d must be a multiple of the patch size %d",
        latent.height(),
        latent.width(),
        patchSize);
    require(
        latent.frames() % architecture.temporalStride() == 0,
        "%d frames cannot be cut into tokens of %d frames (the temporal stride)",
        latent.frames(),
        architecture.temporalStride());
    require(
        classes == 0 || architecture.text() == TextConditioning.NONE,
        "a network that is told a text is told no class: there must be 0 classes, not %d",
        classes);
    require(classes >= 0, "classes must not be negative, but is %d", classes);
  }

  /** A network whose position embeddings are laid over its own grid of tokens. */
  public LatteConfiguration(
      int depth,
      int hiddenSize,
      int heads,
      int patchSize,
      LatentShape latent,
      int classes,
      Architecture architecture) {
    this(
        depth,
        hiddenSize,
        heads,
        patchSize,
        latent,
        classes,
        architecture,
        ownGrid(patchSize, latent, architecture));
  }

  /** A network of the reference's architecture. */
  public LatteConfiguration(
      int depth, int hiddenSize, int heads, int patchSize, LatentShape latent, int classes) {
    this(depth, hiddenSize, heads, patchSize, latent, classes, Architecture.REFERENCE);
  }

  private static PositionGrid ownGrid(int patch, LatentShape latent, Architecture architecture) {
    // Sizes that do not fit are refused with a better message than the grid's.
    return new PositionGrid(
        Math.max(1, latent.frames() / architecture.temporalStride()),
        Math.max(1, latent.height() / Math.max(1, patch)),
        Math.max(1, latent.width() / Math.max(1, patch)));
  }

  private static int blockHeads(Variant variant, int heads) {
    return variant == Variant.PARALLEL_ATTENTION ? heads / 2 : heads;
  }

  private static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /** The same sizes in another architecture, with positions over the network's own grid. */
  public LatteConfiguration with(Architecture other) {
    return new LatteConfiguration(depth, hiddenSize, heads, patchSize, latent, classes, other);
  }

  /** The same but for the grid that position embeddings are laid over. */
  public LatteConfiguration with(PositionGrid grid) {
    return new LatteConfiguration(
        depth, hiddenSize, heads, patchSize, latent, classes, architecture, grid);
  }

  /** The grid of this network's own tokens. */
  public PositionGrid ownGrid() {
    return ownGrid(patchSize, latent, architecture);
  }

  /**
   * Makes sure that clips of this network can be trained together with single images.
   *
   * @param images N: image frames appended to each clip, 0 for none
   * @throws IllegalArgumentException if not, with the reason
   */
  public void checkImages(int images) {
    require(images >= 0, "the images of a clip must not be negative, but are %d", images);
    require(
        images == 0 || architecture.temporalStride() == 1,
        "images cannot be trained together with compression frame patch embedding: an image is one"
            + " frame, and a token spans %d",
        architecture.temporalStride());
    require(
        images == 0 || architecture.text() == TextConditioning.NONE,
        "images cannot be trained together with videos that texts describe: images would need texts"
            + " of their own");
  }

  /** t: patches of one frame. */
  public int tokens() {
    return rows() * columns();
  }

  /** Rows of patches in a frame. */
  public int rows() {
    return latent.height() / patchSize;
  }

  /** Columns of patches in a frame. */
  public int columns() {
    return latent.width() / patchSize;
  }

  /** F / s: frames of tokens, which is F with uniform frame patch embedding. */
  public int tokenFrames() {
    return latent.frames() / architecture.temporalStride();
  }

  /** Values of one input patch: s C p p. */
  public int patchLength() {
    return architecture.temporalStride() * latent.channels() * patchSize * patchSize;
  }

  /** Heads of one attention: Variant 4 has two attentions of half the heads each. */
  int attentionHeads() {
    return blockHeads(architecture.variant(), heads);
  }

  /** Tokens of a frame that stand for timestep and class: 0 unless all conditioning is tokens. */
  int conditionTokens() {
    if (architecture.conditioning() != Conditioning.ALL_TOKENS) {
      return 0;
    }
    return conditional() || architecture.text() != TextConditioning.NONE ? 2 : 1;
  }

  /** Whether the network is told a class. */
  public boolean conditional() {
    return classes > 0;
  }

  /** The label that stands for no class: K. */
  public int nullLabel() {
    return classes;
  }
}
