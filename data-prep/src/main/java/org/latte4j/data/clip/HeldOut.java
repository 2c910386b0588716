package org.latte4j.data.clip;

import java.io.Serializable;
import java.util.Objects;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Which videos are held out of training, to validate on: a split that the shards name, or a share
 * that a seeded hash of each video's name picks. By name, so that adding videos to a data set moves
 * none from one side to the other.
 *
 * @param split name of the split to hold out; empty to pick by share
 * @param share of the videos, 0 to 1, where no split is named
 * @param seed of the hash
 */
public record HeldOut(String split, double share, long seed) implements Serializable {
  /** Holds nothing out. */
  public static final HeldOut NONE = new HeldOut("", 0, 0);

  /** Refuses shares outside of 0 to 1. */
  public HeldOut {
    Objects.requireNonNull(split, "split");
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share lies in [0, 1], not at " + share);
    }
  }

  /** Whether nothing is held out. */
  public boolean isNone() {
    return split.isEmpty() && share == 0;
  }

  /** Whether a video is held out. */
  public boolean holds(EncodedVideo video) {
    if (!split.isEmpty()) {
      return video.split().equals(split);
    }
    return RandomStream.ofName(seed, Purpose.SPLIT, video.source()).chance(share);
  }

  @Override
  public String toString() {
    if (isNone()) {
      return "nothing";
    }
    return split.isEmpty() ? share + " of the videos" : "the split '" + split + "'";
  }
}
