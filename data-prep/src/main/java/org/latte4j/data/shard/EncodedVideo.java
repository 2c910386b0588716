package org.latte4j.data.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A video in a shard, or a part of a long one that is divided among several shards.
 *
 * @param source path below the encoded folder; unique
 * @param bytes length of the source
 * @param identity what tells later whether the source has changed; see {@link
 *     org.latte4j.data.source.SourceVideo}
 * @param label class, or {@link VideoOrigin#UNLABELLED}
 * @param split the part of the data set, such as {@code train}
 * @param frames that were decoded; of a part, those that no earlier part accounts for
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

  /** This part of a video and the next. */
  public EncodedVideo with(EncodedVideo next) {
    List<SegmentRow> all = new ArrayList<>(rows);
    all.addAll(next.rows);
    return new EncodedVideo(source, bytes, identity, label, split, frames + next.frames, all);
  }

  /** Whether it is a part of a video that does not begin it. */
  public boolean continues() {
    return !rows.isEmpty() && rows.get(0).start() > 0;
  }

  /** The same video, recognised by something else. */
  public EncodedVideo identifiedBy(String recognised) {
    return new EncodedVideo(source, bytes, recognised, label, split, frames, rows);
  }
}
