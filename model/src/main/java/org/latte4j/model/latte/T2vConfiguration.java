package org.latte4j.model.latte;

import org.latte4j.model.diffusion.LatentShape;

/**
 * Sizes of LatteT2V, the text-to-video model that was released after the paper: Variant 1 whose
 * spatial blocks also attend to the tokens of a text, steered by adaLN-single (PixArt-alpha, arXiv
 * 2310.00426, section 2.3).
 *
 * @param network depth counts spatial and temporal blocks, two of which make a layer
 * @param textWidth values of a text's token, as its encoder gives them
 */
public record T2vConfiguration(LatteConfiguration network, int textWidth) {
  /** The released model's: T5 v1.1 XXL's 4096 values a token, 512 x 512 pixels. */
  public static final T2vConfiguration RELEASED =
      of(28, 1152, 16, 2, new LatentShape(16, 4, 64, 64), 4096);

  /** Refuses architectures that LatteT2V does not come in. */
  public T2vConfiguration {
    if (!network
        .architecture()
        .equals(Architecture.REFERENCE.with(TextConditioning.CROSS_ATTENTION))) {
      throw new IllegalArgumentException(
          "LatteT2V comes in one architecture: variant 1, uniform frame patch embedding, s-adaln,"
              + " absolute temporal positions, text by cross-attention; not "
              + network.architecture());
    }
    if (textWidth < 1) {
      throw new IllegalArgumentException("a text's tokens have %d values".formatted(textWidth));
    }
  }

  /**
   * Sizes one by one.
   *
   * @param layers pairs of a spatial and a temporal block
   */
  public static T2vConfiguration of(
      int layers, int hiddenSize, int heads, int patchSize, LatentShape latent, int textWidth) {
    return new T2vConfiguration(
        new LatteConfiguration(
            2 * layers,
            hiddenSize,
            heads,
            patchSize,
            latent,
            0,
            Architecture.REFERENCE.with(TextConditioning.CROSS_ATTENTION)),
        textWidth);
  }

  /** Pairs of a spatial and a temporal block. */
  public int layers() {
    return network.depth() / 2;
  }
}
