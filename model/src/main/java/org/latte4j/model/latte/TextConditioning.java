package org.latte4j.model.latte;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a text tells the network what to draw, instead of a class (section 3.4). */
public enum TextConditioning {
  /** It does not. */
  @JsonProperty("none")
  NONE,
  /**
   * The last hidden states of CLIP's text encoder, {@value #TOKENS} tokens of {@value #WIDTH}
   * values, flattened and projected to one vector: condition = timestep + Linear(SiLU(text)). The
   * embedding that stands for no text is all zeros.
   */
  @JsonProperty("clip")
  CLIP,
  /**
   * Spatial blocks attend to the tokens of a text, as many as it has: the released LatteT2V, which
   * is imported and sampled, not trained ({@link T2vConfiguration}).
   */
  @JsonProperty("cross-attention")
  CROSS_ATTENTION;

  /** Tokens of CLIP's text encoder. */
  public static final int TOKENS = 77;

  /** Width of CLIP ViT-L/14's text encoder. */
  public static final int WIDTH = 768;

  /** Values that describe the text of one clip; 0 where there is none or texts differ in length. */
  public int length() {
    return this == CLIP ? TOKENS * WIDTH : 0;
  }
}
