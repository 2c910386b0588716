package org.latte4j.data.encode;

import java.util.List;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;

/**
 * What became of the videos of one file.
 *
 * @param file what was written; without rows if all videos were rejected
 * @param channelRanges of the file's latents, one a channel; none if it has no rows
 * @param rejected videos that are not in it, with reasons
 */
public record EncodedShard(
    ShardFile file, List<ChannelRange> channelRanges, List<RejectedVideo> rejected) {
  /** Copies the lists. */
  public EncodedShard {
    channelRanges = List.copyOf(channelRanges);
    rejected = List.copyOf(rejected);
  }

  /** Videos it was made from, whether encoded or rejected. */
  public int videos() {
    return file.videos().size() + rejected.size();
  }
}
