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
  CLIP;

  /** Tokens of CLIP's text encoder. */
  public static final int TOKENS = 77;

  /** Width of CLIP ViT-L/14's text encoder. */
  public static final int WIDTH = 768;

  /** Values that describe the text of one clip. */
  public int length() {
    return this == NONE ? 0 : TOKENS * WIDTH;
  }
}
