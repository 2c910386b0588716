package org.latte4j.model.latte;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How timestep and class reach the blocks (section 3.3.2). */
public enum Conditioning {
  /**
   * Scalable adaptive layer norm: shift, scale and gate of every branch are regressed from the
   * condition (DiT's adaLN-Zero).
   */
  @JsonProperty("s-adaln")
  S_ADALN(3),
  /** Adaptive layer norm: shift and scale are regressed, branches are added without a gate. */
  @JsonProperty("adaln")
  ADALN(2),
  /** Timestep and class are tokens among the others; norms learn a shift and a scale. */
  @JsonProperty("all-tokens")
  ALL_TOKENS(2);

  private final int vectorsPerBranch;

  Conditioning(int vectorsPerBranch) {
    this.vectorsPerBranch = vectorsPerBranch;
  }

  /** Vectors of D values that steer one branch of a block: shift, scale and perhaps a gate. */
  int vectorsPerBranch() {
    return vectorsPerBranch;
  }
}
