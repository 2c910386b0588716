package org.latte4j.data.encode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.source.SourceVideo;

/**
 * Divides the input into shard files: neighbours in the list share a file until it has enough. The
 * division follows from the list and the limits alone, so that the files are the same on any
 * cluster.
 *
 * @param shards the files in order; at least one
 */
public record ShardPlan(List<PlannedShard> shards) {
  /** Copies the list. */
  public ShardPlan {
    shards = List.copyOf(shards);
  }

  /**
   * Plans the files.
   *
   * @param videos the input in its order
   * @param sourceBytes a file is full when its videos' sources have this many bytes together
   * @param mostVideos a file is full with this many videos
   */
  public static ShardPlan of(List<SourceVideo> videos, long sourceBytes, int mostVideos) {
    List<List<SourceVideo>> groups = new ArrayList<>();
    List<SourceVideo> group = new ArrayList<>();
    long bytes = 0;
    for (SourceVideo video : videos) {
      group.add(video);
      bytes += video.bytes();
      if (bytes >= sourceBytes || group.size() == mostVideos) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    List<PlannedShard> shards = new ArrayList<>();
    for (List<SourceVideo> members : groups) {
      shards.add(new PlannedShard(ShardWriter.fileName(shards.size(), groups.size()), members));
    }
    return new ShardPlan(shards);
  }

  /** Videos in all files. */
  public int videos() {
    return shards.stream().mapToInt(shard -> shard.videos().size()).sum();
  }

  /** The files with most work first, so that a cluster does not wait for one that began late. */
  public List<PlannedShard> mostWorkFirst() {
    return shards.stream()
        .sorted(Comparator.comparingLong(PlannedShard::sourceBytes).reversed())
        .toList();
  }

  /**
   * One file.
   *
   * @param name the file's
   * @param videos to go into it
   */
  public record PlannedShard(String name, List<SourceVideo> videos) {
    /** Copies the list. */
    public PlannedShard {
      videos = List.copyOf(videos);
    }

    /** Bytes of the sources: how much work it is, roughly. */
    long sourceBytes() {
      return videos.stream().mapToLong(SourceVideo::bytes).sum();
    }
  }
}
