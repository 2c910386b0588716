package org.latte4j.model.latte;

import java.io.Serializable;
import org.latte4j.model.diffusion.LatentShape;

/**
 * Sizes of one Latte network (arXiv 2401.03048, table 1).
 *
 * @param depth number of transformer blocks, in turn spatial and temporal; even
 * @param hiddenSize D, a multiple of {@code 4} (the spatial position table has four parts) and of
 *     {@code heads}
 * @param heads attention heads
 * @param patchSize p: tokens are p x p latent pixels
 * @param latent F, C, H, W of a clip; H and W are multiples of p
 * @param classes K, or 0 for an unconditional model; the label table has K + 1 rows, row K is the
 *     null label
 */
public record LatteConfiguration(
    int depth, int hiddenSize, int heads, int patchSize, LatentShape latent, int classes)
    implements Serializable {

  /** Sinusoids that describe a timestep. */
  public static final int TIMESTEP_FREQUENCIES = 256;

  /** Width of the feed-forward layer as a multiple of D. */
  public static final int MLP_RATIO = 4;

  /** Checks that the sizes fit together. */
  public LatteConfiguration {
    require(depth >= 2 && depth % 2 == 0, "depth must be even and at least 2, not %d", depth);
    require(heads >= 1, "heads must be at least 1, not %d", heads);
    require(
        hiddenSize >= 4 && hiddenSize % 4 == 0 && hiddenSize % heads == 0,
        "hidden size must be a multiple of 4 and of the %d heads, not %d",
        heads,
        hiddenSize);
    require(patchSize >= 1, "patch size must be at least 1, not %d", patchSize);
    require(
        latent.height() % patchSize == 0 && latent.width() % patchSize == 0,
        "latent size %d x %d must be a multiple of the patch size %d",
        latent.height(),
        latent.width(),
        patchSize);
    require(classes >= 0, "classes must not be negative, but is %d", classes);
  }

  private static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }

  /** t: tokens of one frame. */
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

  /** Values of one input patch: C p p. */
  public int patchLength() {
    return latent.channels() * patchSize * patchSize;
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
