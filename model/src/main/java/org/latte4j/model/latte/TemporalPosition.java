package org.latte4j.model.latte;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How tokens know their place in time (section 3.3.3). */
public enum TemporalPosition {
  /** A sine-cosine table, added once to the tokens. */
  @JsonProperty("absolute")
  ABSOLUTE,
  /** Queries and keys of temporal attention are rotated by their frame (RoFormer). */
  @JsonProperty("rope")
  ROPE
}
