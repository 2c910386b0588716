package org.latte4j.data.shard;

import java.io.Serializable;

/**
 * How long videos are cut: consecutive segments of {@code frames} frames, each starting {@code
 * overlap} frames before the end of the one before; the last may be shorter, but is longer than the
 * overlap. So every window of up to {@code overlap + 1} frames lies in one segment.
 *
 * @param frames the longest segment, at least 1
 * @param overlap frames shared by neighbours, from 0 to {@code frames - 1}
 */
public record Segmentation(int frames, int overlap) implements Serializable {
  /** Refuses an overlap as long as the segment. */
  public Segmentation {
    if (frames < 1 || overlap < 0 || overlap >= frames) {
      throw new IllegalArgumentException(
          "segments need at least 1 frame and an overlap from 0 to one frame less than that, not"
              + " %d frames and an overlap of %d".formatted(frames, overlap));
    }
  }

  /** Frames from the start of one segment to the start of the next. */
  public int stride() {
    return frames - overlap;
  }

  /** The longest window that is sure to lie in one segment of a video that has been cut. */
  public int longestWindow() {
    return overlap + 1;
  }
}
