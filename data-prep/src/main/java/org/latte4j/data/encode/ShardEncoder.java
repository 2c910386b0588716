package org.latte4j.data.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.shard.StoredFile;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.model.autoencoder.Autoencoder;

/**
 * Makes one shard file: decodes, transforms and encodes its videos one after the other, and commits
 * the file. Memory is bounded by a segment and a batch, whatever the videos' lengths.
 *
 * <p>A video that turns out to be damaged after some of its rows were written cannot be taken out
 * of the file again; the file is then begun anew without it. Rare, and cheaper than holding every
 * video until its end.
 *
 * <p>Not thread-safe: the autoencoder is the caller's, one a thread.
 */
public final class ShardEncoder {
  private final EncodeRecipe recipe;
  private final Autoencoder autoencoder;
  private final Path folder;
  private final Configuration hadoop;

  /** An encoder that writes to a folder. */
  public ShardEncoder(
      EncodeRecipe recipe, Autoencoder autoencoder, Path folder, Configuration hadoop) {
    this.recipe = recipe;
    this.autoencoder = autoencoder;
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /**
   * Makes a file.
   *
   * @param attempt distinguishes encoders that race for the same file
   * @throws IOException if the file cannot be written; videos that cannot be read are listed
   *     instead
   */
  public EncodedShard encode(ShardPlan.PlannedShard shard, long attempt) throws IOException {
    Map<String, RejectedVideo> rejected = new LinkedHashMap<>();
    while (true) {
      try (ShardWriter writer = ShardWriter.create(folder, shard.name(), attempt, hadoop)) {
        Optional<EncodedShard> whole = encode(shard, writer, rejected);
        if (whole.isPresent()) {
          return whole.get();
        }
      }
    }
  }

  /** Nothing if rows were written of a video that was then added to the rejected ones. */
  private Optional<EncodedShard> encode(
      ShardPlan.PlannedShard shard, ShardWriter writer, Map<String, RejectedVideo> rejected)
      throws IOException {
    LatentRanges ranges = new LatentRanges(autoencoder.latentChannels());
    List<EncodedVideo> videos = new ArrayList<>();
    for (SourceVideo video : shard.videos()) {
      if (rejected.containsKey(video.id())) {
        continue;
      }
      VideoEncoder encoder = new VideoEncoder(video, recipe, autoencoder, writer);
      try {
        videos.add(encoder.encode(hadoop));
        ranges.include(encoder.ranges());
      } catch (RejectedVideoException e) {
        rejected.put(
            video.id(),
            new RejectedVideo(video.id(), video.bytes(), video.identity(), e.getMessage()));
        if (encoder.hasWritten()) {
          return Optional.empty();
        }
      }
    }
    List<RejectedVideo> leftOut =
        shard.videos().stream()
            .map(video -> rejected.get(video.id()))
            .flatMap(found -> Optional.ofNullable(found).stream())
            .toList();
    StoredFile stored = writer.commit();
    ShardFile file = new ShardFile(stored.name(), stored.bytes(), stored.sha256(), videos);
    List<ChannelRange> channelRanges = videos.isEmpty() ? List.of() : ranges.ranges();
    return Optional.of(new EncodedShard(file, channelRanges, leftOut));
  }
}
