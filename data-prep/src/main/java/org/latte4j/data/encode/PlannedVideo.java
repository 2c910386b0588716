package org.latte4j.data.encode;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.shard.Segmentation;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.data.video.FrameRange;
import org.latte4j.data.video.KeyFrameIndex;

/**
 * A video to be encoded, or a part of a long one.
 *
 * @param video all of it
 * @param range the frames of the part; neighbours overlap as segments do
 * @param share frames that the part accounts for, so that the parts' shares add up to the video's
 *     length; 0 for a whole video, which accounts for what it turns out to have
 */
public record PlannedVideo(SourceVideo video, FrameRange range, int share) {
  /** All of a video. */
  public static PlannedVideo whole(SourceVideo video) {
    return new PlannedVideo(video, FrameRange.WHOLE, 0);
  }

  /** Whether it is only a part. */
  public boolean part() {
    return !range.whole();
  }

  /**
   * Divides a video at the boundaries of segments, so that the parts' rows are the rows of the
   * undivided video.
   *
   * @param index of its frames
   * @param mostFrames that a part should account for
   */
  public static List<PlannedVideo> divide(
      SourceVideo video, KeyFrameIndex index, Segmentation cuts, int mostFrames) {
    int length = index.frames();
    int segments = Math.max(1, ceilingQuotient(length - cuts.overlap(), cuts.stride()));
    int parts = Math.min(segments, ceilingQuotient(length, mostFrames));
    if (parts < 2) {
      return List.of(whole(video));
    }
    List<PlannedVideo> pieces = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int first = cuts.stride() * boundary(part, parts, segments);
      int next = boundary(part + 1, parts, segments);
      boolean last = next == segments;
      int end = last ? length : cuts.stride() * (next - 1) + cuts.frames();
      int share = (last ? length : cuts.stride() * next) - first;
      pieces.add(new PlannedVideo(video, index.range(first, end - first), share));
    }
    return pieces;
  }

  private static int boundary(int part, int parts, int segments) {
    return Math.toIntExact((long) segments * part / parts);
  }

  private static int ceilingQuotient(int dividend, int divisor) {
    return Math.floorDiv(dividend + divisor - 1, divisor);
  }
}
