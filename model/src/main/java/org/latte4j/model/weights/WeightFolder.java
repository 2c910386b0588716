package org.latte4j.model.weights;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of weight files, on a local disk or on a remote file system. */
public interface WeightFolder {
  /** Names the folder in messages: a path or a URI. */
  String description();

  /**
   * Opens one of its files.
   *
   * @param name a plain file name
   */
  SeekableByteChannel open(String name) throws IOException;

  /** A folder of the local file system. */
  static WeightFolder of(Path folder) {
    return new WeightFolder() {
      @Override
      public String description() {
        return folder.toString();
      }

      @Override
      public SeekableByteChannel open(String name) throws IOException {
        return Files.newByteChannel(folder.resolve(name));
      }
    };
  }
}
