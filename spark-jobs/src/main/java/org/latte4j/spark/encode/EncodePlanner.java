package org.latte4j.spark.encode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.EncodedShard;
import org.latte4j.data.encode.PlannedVideo;
import org.latte4j.data.encode.ShardPlan;
import org.latte4j.data.encode.ShardPlan.PlannedShard;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.source.SourceListing;
import org.latte4j.data.source.SourceVideo;

/** Plans the files of an encode job: divides long videos, and fills files with the others. */
final class EncodePlanner {
  private final EncodeSettings settings;
  private final ExecutorMap executors;
  private final SerializableConfiguration hadoop;

  EncodePlanner(EncodeSettings settings, ExecutorMap executors, SerializableConfiguration hadoop) {
    this.settings = settings;
    this.executors = executors;
    this.hadoop = hadoop;
  }

  /** New files for what is added, and damaged files under their names. */
  ShardPlan plan(EncodeWork work, SourceListing listing) {
    Map<String, SourceVideo> videos = new HashMap<>();
    listing.videos().forEach(video -> videos.put(video.id(), video));
    List<SourceVideo> inDamaged =
        work.damaged().stream()
            .flatMap(file -> file.videos().stream())
            .map(video -> videos.get(video.source()))
            .distinct()
            .toList();
    Map<String, List<PlannedVideo>> parts =
        divide(Stream.concat(work.added().stream(), inDamaged.stream()).toList());
    List<PlannedVideo> added =
        work.added().stream().flatMap(video -> parts.get(video.id()).stream()).toList();
    List<PlannedShard> again =
        work.damaged().stream().map(file -> again(file, work, videos, parts)).toList();
    return ShardPlan.of(added, work.generation(), settings.shardBytes(), settings.shardVideos())
        .with(again);
  }

  /** The parts of each video, or the one whole, by id. */
  private Map<String, List<PlannedVideo>> divide(List<SourceVideo> videos) {
    Map<String, List<PlannedVideo>> parts = new HashMap<>();
    videos.forEach(video -> parts.put(video.id(), List.of(PlannedVideo.whole(video))));
    List<SourceVideo> large =
        videos.stream().filter(video -> video.bytes() > settings.splitBytes()).toList();
    executors
        .apply(
            "divide long videos",
            large,
            new DivideTask(settings.recipe(), settings.splitFrames(), hadoop),
            PlannedShard.class)
        .forEach(divided -> parts.put(divided.videos().get(0).video().id(), divided.videos()));
    return parts;
  }

  private static PlannedShard again(
      ShardFile file,
      EncodeWork work,
      Map<String, SourceVideo> videos,
      Map<String, List<PlannedVideo>> parts) {
    List<PlannedVideo> members = new ArrayList<>();
    for (EncodedVideo encoded : file.videos()) {
      boolean elsewhere =
          Stream.concat(work.kept().stream(), work.damaged().stream())
              .filter(other -> !other.name().equals(file.name()))
              .flatMap(other -> other.videos().stream())
              .anyMatch(other -> other.source().equals(encoded.source()));
      if (elsewhere) {
        int first = encoded.rows().get(0).start();
        int last = encoded.rows().get(encoded.rows().size() - 1).start();
        parts.get(encoded.source()).stream()
            .filter(p -> p.range().firstFrame() >= first && p.range().firstFrame() <= last)
            .forEach(members::add);
      } else {
        members.add(PlannedVideo.whole(videos.get(encoded.source())));
      }
    }
    return new PlannedShard(file.name(), members);
  }

  /**
   * Whole files for videos of which a part could not be encoded: the packets promised frames that
   * decoding did not find, or the video is damaged, which then shows as it does without division.
   */
  static ShardPlan undivided(ShardPlan plan, List<EncodedShard> encoded) {
    Set<String> failed =
        encoded.stream()
            .filter(shard -> !shard.rejected().isEmpty())
            .map(shard -> shard.file().name())
            .collect(Collectors.toSet());
    Map<String, PlannedShard> whole = new LinkedHashMap<>();
    for (PlannedShard shard : plan.shards()) {
      if (failed.contains(shard.name()) && shard.divided().isPresent()) {
        SourceVideo video = shard.videos().get(0).video();
        whole.putIfAbsent(
            video.id(),
            new PlannedShard(
                ShardWriter.undivided(shard.name()), List.of(PlannedVideo.whole(video))));
      }
    }
    return new ShardPlan(List.copyOf(whole.values()));
  }

  /** Ids of the videos of a plan. */
  static Set<String> videos(ShardPlan plan) {
    return plan.shards().stream()
        .flatMap(shard -> shard.videos().stream())
        .map(video -> video.video().id())
        .collect(Collectors.toSet());
  }

  /** Whether a file holds a part of one of these videos. */
  static boolean isPartOf(EncodedShard encoded, ShardPlan plan, Set<String> videos) {
    return plan.shards().stream()
        .filter(shard -> shard.name().equals(encoded.file().name()))
        .anyMatch(shard -> shard.divided().map(videos::contains).orElse(false));
  }
}
