package org.latte4j.data.clip;

import java.io.Serializable;

/**
 * The stretch of video that a clip spans, as the reference cuts it: F frames spread evenly over F
 * times {@code interval} frames of video, or over the whole video if that is shorter.
 *
 * @param frames F
 * @param interval video frames from one frame of the clip to the next, roughly: the first and last
 *     frames of the stretch always belong to the clip
 */
public record ClipWindow(int frames, int interval) implements Serializable {
  /** Refuses values below one. */
  public ClipWindow {
    if (frames < 1 || interval < 1) {
      throw new IllegalArgumentException(
          "a clip needs at least 1 frame and an interval of at least 1, not %d and %d"
              .formatted(frames, interval));
    }
    Math.multiplyExact(frames, interval);
  }

  /** Video frames that a clip spans. */
  public int span() {
    return frames * interval;
  }

  /** Video frames that a clip spans in a video of this length, at least F. */
  public int span(int videoFrames) {
    return Math.min(span(), videoFrames);
  }

  /**
   * The video frames of a clip: {@code linspace(start, start + span - 1, F)}, truncated.
   *
   * @param start index of the stretch's first frame
   * @param span the stretch's length
   */
  public int[] indices(int start, int span) {
    int[] indices = new int[frames];
    double step = frames == 1 ? 0 : (span - 1) / (double) (frames - 1);
    for (int i = 0; i < frames; i++) {
      indices[i] = (int) (i * step + start);
    }
    if (frames > 1) {
      indices[frames - 1] = start + span - 1; // as linspace does, whatever the rounding
    }
    return indices;
  }
}
