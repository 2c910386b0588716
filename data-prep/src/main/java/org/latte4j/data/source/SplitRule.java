package org.latte4j.data.source;

import java.io.Serializable;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Which part of a data set a video belongs to where neither folders nor lists say: {@code test} for
 * a share of the videos, {@code train} for the others. The seed and the video's id alone decide, so
 * a video keeps its part when others are added.
 *
 * @param testShare from 0 to 1
 * @param seed of the draw
 */
public record SplitRule(double testShare, long seed) implements Serializable {
  /** The split of what is not tested on. */
  public static final String TRAIN = "train";

  /** The split of the test share. */
  public static final String TEST = "test";

  /** Refuses shares outside 0 to 1. */
  public SplitRule {
    if (!(testShare >= 0 && testShare <= 1)) {
      throw new IllegalArgumentException("a share is 0 to 1, not " + testShare);
    }
  }

  /** The video in its own split, or in the one that its id gives. */
  public SourceVideo assign(SourceVideo video) {
    return video.split().isEmpty() ? video.inSplit(split(video.id())) : video;
  }

  /** The split of an id. */
  public String split(String id) {
    return RandomStream.ofName(seed, Purpose.SPLIT, id).chance(testShare) ? TEST : TRAIN;
  }
}
