package org.latte4j.data.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.decoder.DecoderProcess;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.shard.StoredFile;
import org.latte4j.data.shard.TextEncoding;
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
 * <p>Videos are decoded in a process of their own. One that ends it, or whose bytes cannot be read,
 * gets a second chance: the cause may have been the machine. The second time it is rejected.
 *
 * <p>Not thread-safe: the autoencoder is the caller's, one a thread.
 */
public final class ShardEncoder {
  private final EncodeRecipe recipe;
  private final Autoencoder autoencoder;
  private final TextEncoding text;
  private final Path folder;
  private final Configuration hadoop;

  /** An encoder that writes to a folder, of videos without text embeddings. */
  public ShardEncoder(
      EncodeRecipe recipe, Autoencoder autoencoder, Path folder, Configuration hadoop) {
    this(recipe, autoencoder, TextEncoding.NONE, folder, hadoop);
  }

  /**
   * An encoder that writes to a folder.
   *
   * @param text what the videos' text embeddings are
   */
  public ShardEncoder(
      EncodeRecipe recipe,
      Autoencoder autoencoder,
      TextEncoding text,
      Path folder,
      Configuration hadoop) {
    this.recipe = recipe;
    this.autoencoder = autoencoder;
    this.text = text;
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
    Set<String> suspects = new HashSet<>();
    try (DecoderProcess decoder =
            new DecoderProcess(recipe.decoder(), recipe.transform(), recipe.limits(), hadoop);
        TextReader texts = new TextReader(hadoop)) {
      return encode(shard, attempt, new Inputs(decoder, texts), rejected, suspects);
    }
  }

  /** Where videos and their texts come from. */
  private record Inputs(DecoderProcess decoder, TextReader texts) {}

  private EncodedShard encode(
      ShardPlan.PlannedShard shard,
      long attempt,
      Inputs inputs,
      Map<String, RejectedVideo> rejected,
      Set<String> suspects)
      throws IOException {
    while (true) {
      try (ShardWriter writer = ShardWriter.create(folder, shard.name(), attempt, text, hadoop)) {
        Optional<EncodedShard> whole = encode(shard, inputs, writer, rejected, suspects);
        if (whole.isPresent()) {
          return whole.get();
        }
      }
    }
  }

  /**
   * Nothing if the file must be begun anew: rows were written of a video that was then rejected, or
   * a video failed for the first time in a way that need not be its own fault.
   */
  private Optional<EncodedShard> encode(
      ShardPlan.PlannedShard shard,
      Inputs inputs,
      ShardWriter writer,
      Map<String, RejectedVideo> rejected,
      Set<String> suspects)
      throws IOException {
    LatentRanges ranges = new LatentRanges(autoencoder.latentChannels());
    List<EncodedVideo> videos = new ArrayList<>();
    for (PlannedVideo planned : shard.videos()) {
      SourceVideo video = planned.video();
      if (rejected.containsKey(video.id())) {
        continue;
      }
      VideoEncoder encoder = new VideoEncoder(planned, recipe, autoencoder, text, writer);
      try {
        videos.add(encoder.encode(inputs.decoder(), inputs.texts(), hadoop));
        ranges.include(encoder.ranges());
      } catch (RejectedVideoException e) {
        if (e.mayPass() && suspects.add(video.id())) {
          return Optional.empty();
        }
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
            .map(planned -> rejected.get(planned.video().id()))
            .flatMap(found -> Optional.ofNullable(found).stream())
            .toList();
    StoredFile stored = writer.commit();
    ShardFile file = new ShardFile(stored.name(), stored.bytes(), stored.sha256(), videos);
    List<ChannelRange> channelRanges = videos.isEmpty() ? List.of() : ranges.ranges();
    return Optional.of(new EncodedShard(file, channelRanges, leftOut));
  }
}
