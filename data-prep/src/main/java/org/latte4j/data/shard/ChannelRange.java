package org.latte4j.data.shard;

import java.io.Serializable;

/**
 * Least and greatest value of one latent channel over a data set: of the posterior's means times
 * the scale, which is what the diffusion model sees.
 */
public record ChannelRange(float min, float max) implements Serializable {
  /** Refuses an empty range. */
  public ChannelRange {
    if (!(min <= max)) {
      throw new IllegalArgumentException("no range: from " + min + " to " + max);
    }
  }

  /** The smallest range that holds both. */
  public ChannelRange with(ChannelRange other) {
    return new ChannelRange(Math.min(min, other.min), Math.max(max, other.max));
  }
}
