package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.latte4j.data.encode.PlannedVideo;
import org.latte4j.data.encode.ShardPlan;
import org.latte4j.data.frames.FrameFile;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.data.frames.FrameRecipe;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.source.SourceListing;
import org.latte4j.data.source.SourceVideo;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.encode.EncodeSettings;
import org.latte4j.spark.encode.ExecutorMap;
import org.latte4j.spark.encode.TooManyRejectedException;

/**
 * Decodes every so-many-th frame of a folder of videos into files of pictures, a task a file. Files
 * and their bytes follow from input and settings alone. Done once: a finished folder is taken as it
 * is if settings and videos are still the same, and refused otherwise.
 */
final class FrameExtraction {
  private static final String VIDEOS = "videos";

  private final JavaSparkContext spark;
  private final EncodeSettings encode;
  private final FrameRecipe recipe;
  private final Path folder;
  private final Configuration hadoop;

  /**
   * An extraction, not started.
   *
   * @param encode sources, transform, limits and the sizes of files
   * @param every of so many frames one is taken
   * @param folder of the frames
   */
  FrameExtraction(JavaSparkContext spark, EncodeSettings encode, int every, Path folder) {
    this.spark = spark;
    this.encode = encode;
    this.recipe =
        new FrameRecipe(
            encode.recipe().transform(),
            every,
            encode.recipe().limits(),
            encode.recipe().mostDamaged(),
            encode.recipe().decoder());
    this.folder = folder;
    this.hadoop = spark.hadoopConfiguration();
  }

  /**
   * What the folder holds, after extracting what is missing.
   *
   * @param input folder of videos on any Hadoop file system
   * @throws SettingsException if the folder was made with other settings or from other videos
   * @throws TooManyRejectedException if more videos were rejected than the settings allow
   */
  FrameManifest execute(Path input) throws IOException {
    SourceListing listing = encode.source().list(input, hadoop);
    Map<String, String> deciding = deciding(listing);
    Optional<FrameManifest> existing = FrameManifest.read(folder, hadoop);
    if (existing.isPresent()) {
      requireSame(existing.get(), deciding);
      return existing.get();
    }
    FrameManifest manifest =
        FrameManifest.of(recipe.transform().size(), deciding, extract(listing, deciding));
    List<RejectedVideo> rejected = new ArrayList<>(listing.rejected());
    rejected.addAll(manifest.rejected());
    int total = listing.videos().size() + listing.rejected().size();
    if (rejected.size() > encode.maxRejectedShare() * total || rejected.size() == total) {
      throw new TooManyRejectedException(rejected, total, encode.maxRejectedShare());
    }
    manifest.write(folder, hadoop);
    removeLeftovers(manifest);
    return manifest;
  }

  private List<FrameFile> extract(SourceListing listing, Map<String, String> deciding)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    fileSystem.mkdirs(folder);
    ShardPlan plan =
        ShardPlan.of(
            listing.videos().stream().map(PlannedVideo::whole).toList(),
            0,
            encode.shardBytes(),
            encode.shardVideos());
    FrameTask task =
        new FrameTask(
            recipe,
            fileSystem.makeQualified(folder).toString(),
            deciding.toString(),
            new SerializableConfiguration(hadoop));
    return new ExecutorMap(spark).apply("decode frames", plan.shards(), task, FrameFile.class);
  }

  private Map<String, String> deciding(SourceListing listing) {
    Map<String, String> deciding = new TreeMap<>(encode.source().deciding());
    deciding.put("encode.transform", recipe.transform().name());
    deciding.put("encode.image-size", String.valueOf(recipe.transform().size()));
    deciding.put("encode.max-pixels", String.valueOf(recipe.limits().pixels()));
    deciding.put("encode.max-frames", String.valueOf(recipe.limits().frames()));
    deciding.put("encode.max-duration", String.valueOf(recipe.limits().duration()));
    deciding.put("encode.max-damaged-frames", String.valueOf(recipe.mostDamaged()));
    deciding.put("autoencoder.frames.every", String.valueOf(recipe.every()));
    deciding.put(VIDEOS, digest(listing.videos()));
    return deciding;
  }

  private void requireSame(FrameManifest existing, Map<String, String> deciding) {
    for (Map.Entry<String, String> setting : deciding.entrySet()) {
      String there = existing.settings().getOrDefault(setting.getKey(), "not set");
      if (there.equals(setting.getValue())) {
        continue;
      }
      throw new SettingsException(
          setting.getKey().equals(VIDEOS)
              ? folder
                  + " holds frames of other videos: some were added, removed or changed since. Train"
                  + " into another folder, or put the videos back"
              : "%s holds frames that were made with %s = %s, and now it is %s: set it back, or train into another folder"
                  .formatted(folder, setting.getKey(), there, setting.getValue()));
    }
  }

  /** Records, what killed writers have left, and files of an unfinished run with other settings. */
  private void removeLeftovers(FrameManifest manifest) throws IOException {
    Set<String> ours = manifest.files().stream().map(FrameFile::name).collect(Collectors.toSet());
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    for (FileStatus file : fileSystem.listStatus(folder)) {
      String name = file.getPath().getName();
      boolean stale = ShardWriter.generation(name).isPresent() && !ours.contains(name);
      if (stale || FrameTask.isRecord(name) || ShardWriter.isTemporary(name)) {
        fileSystem.delete(file.getPath(), false);
      }
    }
  }

  private static String digest(List<SourceVideo> videos) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (SourceVideo video : videos) {
        String line = video.id() + "\t" + video.identity() + "\t" + video.split() + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
