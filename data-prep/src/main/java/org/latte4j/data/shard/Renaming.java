package org.latte4j.data.shard;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Gives finished files their names. */
final class Renaming {
  private Renaming() {}

  /** Renames a file; an earlier file of the new name is removed first, as HDFS demands. */
  static void replace(FileSystem fileSystem, Path from, Path to) throws IOException {
    fileSystem.delete(to, false);
    if (!fileSystem.rename(from, to)) {
      throw new IOException(
          "%s could not be renamed to %s; check that the folder is writable and that no other job"
                  .formatted(from, to.getName())
              + " writes to it");
    }
  }
}
