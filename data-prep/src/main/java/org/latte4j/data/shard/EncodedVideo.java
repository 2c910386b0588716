package org.latte4j.data.shard;

import java.io.Serializable;
import java.util.List;

/**
 * A video in a shard.
 *
 * @param source path below the encoded folder; unique
 * @param bytes length of the source
 * @param identity what tells later whether the source has changed; see {@link
 *     org.latte4j.data.source.SourceVideo}
 * @param label class, or {@link VideoOrigin#UNLABELLED}
 * @param split the part of the data set, such as {@code train}
 * @param frames that were decoded
 * @param rows its rows in the shard, in their order there
 */
public record EncodedVideo(
    String source,
    long bytes,
    String identity,
    int label,
    String split,
    int frames,
    List<SegmentRow> rows)
    implements Serializable {
  /** Copies the list. */
  public EncodedVideo {
    rows = List.copyOf(rows);
  }

  /** The same video, recognised by something else. */
  public EncodedVideo identifiedBy(String recognised) {
    return new EncodedVideo(source, bytes, recognised, label, split, frames, rows);
  }
}
