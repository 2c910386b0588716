package org.latte4j.spark.encode;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.encode.FinishedShards;
import org.latte4j.data.shard.EncodedVideo;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ManifestFile;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardWriter;
import org.latte4j.data.source.SourceVideo;

/** The folder that an encode job writes to. */
final class OutputFolder {
  private static final Pattern SHARD = Pattern.compile("part-\\d{5,}-of-\\d{5,}\\.parquet");

  private final Path folder;
  private final Configuration hadoop;
  private final FileSystem fileSystem;

  OutputFolder(Path folder, Configuration hadoop) throws IOException {
    this.folder = folder;
    this.hadoop = hadoop;
    this.fileSystem = folder.getFileSystem(hadoop);
  }

  /** Makes the folder, without what killed writers of an earlier run have left. */
  void prepare() throws IOException {
    fileSystem.mkdirs(folder);
    for (FileStatus file : fileSystem.listStatus(folder)) {
      if (ShardWriter.isTemporary(file.getPath().getName())) {
        fileSystem.delete(file.getPath(), false);
      }
    }
  }

  /**
   * Removes records, and shard files of an unfinished run with other settings, which readers of the
   * whole folder would take for ours.
   */
  void removeLeftovers(Manifest manifest) throws IOException {
    Set<String> ours = manifest.files().stream().map(ShardFile::name).collect(Collectors.toSet());
    for (FileStatus file : fileSystem.listStatus(folder)) {
      String name = file.getPath().getName();
      boolean stale = SHARD.matcher(name).matches() && !ours.contains(name);
      if (stale || FinishedShards.isRecord(name) || ShardWriter.isTemporary(name)) {
        fileSystem.delete(file.getPath(), false);
      }
    }
  }

  /**
   * Checks that the finished data set is the one that a job would make.
   *
   * @param deciding settings of the job
   * @param videos of the job
   */
  void requireSame(Map<String, String> deciding, Iterable<SourceVideo> videos) throws IOException {
    Manifest manifest = ManifestFile.read(folder, hadoop);
    for (Map.Entry<String, String> setting : deciding.entrySet()) {
      String there = manifest.settings().getOrDefault(setting.getKey(), "not set");
      if (!there.equals(setting.getValue())) {
        throw conflict(
            "made with %s = %s, and now it is %s"
                .formatted(setting.getKey(), there, setting.getValue()));
      }
    }
    Map<String, Long> encoded = new TreeMap<>();
    for (ShardFile file : manifest.files()) {
      for (EncodedVideo video : file.videos()) {
        encoded.put(video.source(), video.bytes());
      }
    }
    for (RejectedVideo video : manifest.rejected()) {
      encoded.put(video.source(), video.bytes());
    }
    for (SourceVideo video : videos) {
      Long bytes = encoded.remove(video.id());
      if (bytes == null) {
        throw conflict("made without " + video.id() + ", which the input now holds");
      }
      if (bytes != video.bytes()) {
        throw conflict(
            "made from a %s of %d bytes, and now it has %d"
                .formatted(video.id(), bytes, video.bytes()));
      }
    }
    if (!encoded.isEmpty()) {
      throw conflict(
          "made from %s too, which the input no longer holds"
              .formatted(encoded.keySet().iterator().next()));
    }
  }

  private OutputConflictException conflict(String difference) {
    return new OutputConflictException(
        "%s already holds latent shards, %s: choose another output folder, or delete this one"
            .formatted(folder, difference));
  }
}
