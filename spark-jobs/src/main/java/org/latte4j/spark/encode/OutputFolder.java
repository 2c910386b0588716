package org.latte4j.spark.encode;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.encode.FinishedShards;
import org.latte4j.data.shard.Manifest;
import org.latte4j.data.shard.ShardFile;
import org.latte4j.data.shard.ShardWriter;

/** The folder that an encode job writes to. */
final class OutputFolder {
  private final Path folder;
  private final FileSystem fileSystem;

  OutputFolder(Path folder, Configuration hadoop) throws IOException {
    this.folder = folder;
    this.fileSystem = folder.getFileSystem(hadoop);
  }

  /**
   * Makes the folder, without what killed writers of an earlier run have left.
   *
   * @param damaged files that will be made again
   */
  void prepare(List<ShardFile> damaged) throws IOException {
    fileSystem.mkdirs(folder);
    for (FileStatus file : fileSystem.listStatus(folder)) {
      if (ShardWriter.isTemporary(file.getPath().getName())) {
        fileSystem.delete(file.getPath(), false);
      }
    }
    for (ShardFile file : damaged) {
      fileSystem.delete(new Path(folder, file.name()), false);
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
      boolean stale = ShardWriter.generation(name).isPresent() && !ours.contains(name);
      if (stale || FinishedShards.isRecord(name) || ShardWriter.isTemporary(name)) {
        fileSystem.delete(file.getPath(), false);
      }
    }
  }
}
