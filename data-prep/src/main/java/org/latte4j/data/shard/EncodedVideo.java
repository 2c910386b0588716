package org.latte4j.data.shard;

import java.io.Serializable;
import java.util.List;

/**
 * A video in a shard.
 *
 * @param source path below the encoded folder; unique
 * @param bytes length of the source, which tells later whether it has changed
 * @param label class, or {@link VideoOrigin#UNLABELLED}
 * @param split the part of the data set, such as {@code train}
 * @param frames that were decoded
 * @param rows its rows in the shard, in their order there
 */
public record EncodedVideo(
    String source, long bytes, int label, String split, int frames, List<SegmentRow> rows)
    implements Serializable {
  /** Copies the list. */
  public EncodedVideo {
    rows = List.copyOf(rows);
  }
}
