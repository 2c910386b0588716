package org.latte4j.data.encode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.Halves;
import org.latte4j.data.shard.LatentSegment;
import org.latte4j.model.diffusion.LatentShape;

/**
 * Finds each channel's least and greatest scaled mean.
 *
 * <p>Not thread-safe.
 */
final class LatentRanges {
  private final float[] min;
  private final float[] max;

  LatentRanges(int channels) {
    min = new float[channels];
    max = new float[channels];
    Arrays.fill(min, Float.POSITIVE_INFINITY);
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
  }

  void include(LatentSegment segment) {
    LatentShape shape = segment.shape();
    int plane = shape.height() * shape.width();
    byte[] moments = segment.moments();
    for (int frame = 0; frame < shape.frames(); frame++) {
      for (int channel = 0; channel < shape.channels(); channel++) {
        int from = 2 * (frame * 2 * shape.frameLength() + channel * plane);
        for (int i = 0; i < plane; i++) {
          float value = (float) (Halves.at(moments, from + 2 * i) * segment.scale());
          min[channel] = Math.min(min[channel], value);
          max[channel] = Math.max(max[channel], value);
        }
      }
    }
  }

  void include(LatentRanges other) {
    for (int channel = 0; channel < min.length; channel++) {
      min[channel] = Math.min(min[channel], other.min[channel]);
      max[channel] = Math.max(max[channel], other.max[channel]);
    }
  }

  /** One a channel; at least one segment must have been included. */
  List<ChannelRange> ranges() {
    List<ChannelRange> ranges = new ArrayList<>();
    for (int channel = 0; channel < min.length; channel++) {
      ranges.add(new ChannelRange(min[channel], max[channel]));
    }
    return ranges;
  }
}
