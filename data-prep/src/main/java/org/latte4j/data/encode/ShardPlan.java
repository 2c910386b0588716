package org.latte4j.data.encode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.latte4j.data.shard.ShardWriter;

/**
 * Divides the input into shard files: neighbours in the list share a file until it has enough, and
 * a part of a long video has a file of its own. The division follows from the list and the limits
 * alone, so that the files are the same on any cluster.
 *
 * @param shards the files in order
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
   * @param generation 0 for a new data set; higher for files that are added to it
   * @param sourceBytes a file is full when its videos' sources have this many bytes together
   * @param mostVideos a file is full with this many videos
   */
  public static ShardPlan of(
      List<PlannedVideo> videos, int generation, long sourceBytes, int mostVideos) {
    List<List<PlannedVideo>> groups = new ArrayList<>();
    List<PlannedVideo> group = new ArrayList<>();
    long bytes = 0;
    for (PlannedVideo video : videos) {
      if (video.part() && !group.isEmpty()) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(video);
      bytes += video.video().bytes();
      if (video.part() || bytes >= sourceBytes || group.size() == mostVideos) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    List<PlannedShard> shards = new ArrayList<>();
    for (List<PlannedVideo> members : groups) {
      String name = ShardWriter.fileName(generation, shards.size(), groups.size());
      shards.add(new PlannedShard(name, members));
    }
    return new ShardPlan(shards);
  }

  /** This plan's files and another's. */
  public ShardPlan with(List<PlannedShard> others) {
    List<PlannedShard> all = new ArrayList<>(shards);
    all.addAll(others);
    return new ShardPlan(all);
  }

  /** Videos and parts of videos in all files. */
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
  public record PlannedShard(String name, List<PlannedVideo> videos) {
    /** Copies the list. */
    public PlannedShard {
      videos = List.copyOf(videos);
    }

    /** The video of which this file is to hold only a part. */
    public Optional<String> divided() {
      return videos.stream().filter(PlannedVideo::part).map(v -> v.video().id()).findFirst();
    }

    /** Identifies the file's name and all that goes into it. SHA-256 in hexadecimal. */
    public String digest() {
      try {
        byte[] json = EncodeJson.write(this).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    /** Bytes of the sources: how much work it is, roughly. */
    long sourceBytes() {
      return videos.stream().mapToLong(video -> video.video().bytes()).sum();
    }
  }
}
