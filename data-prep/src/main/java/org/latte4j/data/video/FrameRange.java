package org.latte4j.data.video;

import java.io.Serializable;

/**
 * Consecutive frames of a video.
 *
 * @param firstFrame index of the first, from 0
 * @param frames how many; {@link Integer#MAX_VALUE} for all that follow
 * @param seekTo timestamp of the key frame where decoding begins, in ticks of the video stream; at
 *     least one key frame lies between it and the first frame, so that pictures which refer to
 *     frames before the key frame are whole
 * @param firstTimestamp of the first frame, in ticks
 * @param lastTimestamp of the last frame, in ticks
 */
public record FrameRange(
    int firstFrame, int frames, long seekTo, long firstTimestamp, long lastTimestamp)
    implements Serializable {
  /** All frames. */
  public static final FrameRange WHOLE = new FrameRange(0, Integer.MAX_VALUE, 0, 0, 0);

  /** Refuses ranges without frames. */
  public FrameRange {
    if (firstFrame < 0 || frames < 1) {
      throw new IllegalArgumentException(
          "no range of frames: %d from %d on".formatted(frames, firstFrame));
    }
  }

  /** Whether it is all of the video. */
  public boolean whole() {
    return firstFrame == 0 && frames == Integer.MAX_VALUE;
  }

  /** Index of the first frame behind it. */
  public int end() {
    return whole() ? Integer.MAX_VALUE : firstFrame + frames;
  }
}
