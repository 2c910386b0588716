package org.latte4j.spark.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.latte4j.data.shard.ChannelRange;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.source.SourceListing;
import org.latte4j.data.source.SourceVideo;

/**
 * What is there already and what is to be done.
 *
 * @param kept files of the data set that stay as they are
 * @param damaged files that are missing or damaged, and whose videos are unchanged: each is made
 *     again by itself
 * @param added videos to be encoded into new files: those the data set lacks, changed ones, and
 *     those that shared a file with a changed one
 * @param rejected before, and not to be tried again
 * @param ranges of the data set so far; empty for a new one
 * @param order names of the files that are there, kept and damaged, as the manifest lists them
 * @param generation of the new files
 */
record EncodeWork(
    List<ShardFile> kept,
    List<ShardFile> damaged,
    List<SourceVideo> added,
    List<RejectedVideo> rejected,
    List<ChannelRange> ranges,
    List<String> order,
    int generation) {

  /** A new data set. */
  static EncodeWork all(SourceListing listing) {
    return new EncodeWork(
        List.of(), List.of(), listing.videos(), listing.rejected(), List.of(), List.of(), 0);
  }

  /**
   * The difference between a data set and the input.
   *
   * @throws OutputConflictException if a setting or the classes differ, or the input lacks a video
   */
  static EncodeWork difference(
      LatentShards shards, Map<String, String> deciding, SourceListing listing, Verification check)
      throws IOException {
    Manifest manifest = shards.manifest();
    Comparison comparison = new Comparison(shards.folder().toString(), manifest, listing);
    comparison.requireSameSettings(deciding);
    comparison.requireAllInputs();
    Set<String> unfit =
        check == Verification.CHECKSUMS ? shards.damagedFiles() : shards.misfitFiles();
    List<ShardFile> kept = new ArrayList<>();
    List<ShardFile> damaged = new ArrayList<>();
    Set<String> done = new HashSet<>();
    Set<String> again = comparison.sharingWithChanged();
    for (ShardFile file : manifest.files()) {
      if (file.videos().stream().anyMatch(video -> again.contains(video.source()))) {
        continue;
      }
      (unfit.contains(file.name()) ? damaged : kept).add(file);
      file.videos().forEach(video -> done.add(video.source()));
    }
    List<RejectedVideo> rejected = comparison.stillRejected();
    rejected.forEach(video -> done.add(video.source()));
    List<SourceVideo> added =
        listing.videos().stream().filter(video -> !done.contains(video.id())).toList();
    return new EncodeWork(
        kept,
        damaged,
        added,
        rejected,
        manifest.channelRanges(),
        manifest.files().stream().map(ShardFile::name).toList(),
        nextGeneration(manifest));
  }

  /** The generation of files that are added to a data set. */
  static int nextGeneration(Manifest manifest) {
    return 1
        + manifest.files().stream()
            .mapToInt(file -> ShardWriter.generation(file.name()).orElse(0))
            .max()
            .orElse(0);
  }

  boolean nothing() {
    return damaged.isEmpty() && added.isEmpty();
  }

  /** Videos that need not be decoded again, encoded or rejected. */
  int settled() {
    return rejected.size() + kept.stream().mapToInt(ShardFile::videosBegun).sum();
  }

  /** How files are checked before they are kept. */
  enum Verification {
    /** They are there and have the right length. */
    LENGTHS,
    /** Their SHA-256 is right; all are read. */
    CHECKSUMS
  }

  /** A manifest beside a listing. */
  private static final class Comparison {
    private final String folder;
    private final Manifest manifest;
    private final SourceListing listing;
    private final Map<String, String> identities = new HashMap<>();

    Comparison(String folder, Manifest manifest, SourceListing listing) {
      this.folder = folder;
      this.manifest = manifest;
      this.listing = listing;
      listing.videos().forEach(video -> identities.put(video.id(), video.identity()));
      listing.rejected().forEach(video -> identities.put(video.source(), video.identity()));
    }

    void requireSameSettings(Map<String, String> deciding) throws OutputConflictException {
      for (Map.Entry<String, String> setting : deciding.entrySet()) {
        String there = manifest.settings().getOrDefault(setting.getKey(), "not set");
        if (!there.equals(setting.getValue())) {
          throw conflict(
              "made with %s = %s, and now it is %s"
                  .formatted(setting.getKey(), there, setting.getValue()));
        }
      }
      boolean hadText = manifest.settings().containsKey(EncodeSettings.TEXT_EMBEDDINGS);
      if (hadText && !deciding.containsKey(EncodeSettings.TEXT_EMBEDDINGS)) {
        throw conflict(
            "made with text embeddings (%s), and now %s names none"
                .formatted(manifest.text(), EncodeSettings.TEXT_EMBEDDINGS));
      }
      if (!manifest.classes().equals(listing.classNames())) {
        throw conflict(
            "made with the classes %s, and now they are %s: labels would no longer mean the same"
                .formatted(manifest.classes(), listing.classNames()));
      }
    }

    void requireAllInputs() throws OutputConflictException {
      for (ShardFile file : manifest.files()) {
        for (EncodedVideo video : file.videos()) {
          if (!identities.containsKey(video.source())) {
            throw conflict(
                "made from %s too, which the input no longer holds".formatted(video.source()));
          }
        }
      }
    }

    /** Changed videos, and all that are in a file with one. */
    Set<String> sharingWithChanged() {
      Set<String> changed = new HashSet<>();
      manifest.files().stream()
          .flatMap(file -> file.videos().stream())
          .filter(video -> !video.identity().equals(identities.get(video.source())))
          .forEach(video -> changed.add(video.source()));
      int before;
      do { // a divided video brings in the files of its other parts
        before = changed.size();
        for (ShardFile file : manifest.files()) {
          if (file.videos().stream().anyMatch(video -> changed.contains(video.source()))) {
            file.videos().forEach(video -> changed.add(video.source()));
          }
        }
      } while (changed.size() > before);
      return changed;
    }

    /** Rejected before and unchanged; and what the lists of the input name in vain. */
    List<RejectedVideo> stillRejected() {
      Map<String, RejectedVideo> rejected = new LinkedHashMap<>();
      for (RejectedVideo video : manifest.rejected()) {
        if (video.identity().equals(identities.get(video.source()))) {
          rejected.put(video.source(), video);
        }
      }
      listing.rejected().forEach(video -> rejected.put(video.source(), video));
      return List.copyOf(rejected.values());
    }

    private OutputConflictException conflict(String difference) {
      return new OutputConflictException(
          "%s already holds latent shards, %s: choose another output folder, or delete this one"
              .formatted(folder, difference));
    }
  }
}
