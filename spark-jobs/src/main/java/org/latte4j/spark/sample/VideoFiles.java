package org.latte4j.spark.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoFormat;
import org.latte4j.data.video.VideoWriter;

/**
 * Writes videos as MP4 and GIF into a folder of any Hadoop file system. FFmpeg needs a seekable
 * file, so each is made on the local disk first; it appears in the folder whole or not at all.
 */
final class VideoFiles {
  private final Path folder;
  private final FileSystem fileSystem;
  private final int framesPerSecond;
  private final int enlargement;

  VideoFiles(Path folder, Configuration hadoop, SampleSettings settings) throws IOException {
    this.folder = folder;
    this.fileSystem = folder.getFileSystem(hadoop);
    this.framesPerSecond = settings.framesPerSecond();
    this.enlargement = settings.enlarge();
  }

  /**
   * Writes one video in every format.
   *
   * @return the paths of the files
   */
  List<String> write(String name, List<RgbImage> frames) throws IOException {
    List<RgbImage> images = frames.stream().map(frame -> frame.enlarged(enlargement)).toList();
    List<String> files = new ArrayList<>();
    for (VideoFormat format : VideoFormat.values()) {
      java.nio.file.Path local = Files.createTempFile("latte-", "." + format.extension());
      try {
        VideoWriter.write(local, format, images, framesPerSecond);
        files.add(publish(local, name + "." + format.extension()).toString());
      } finally {
        Files.deleteIfExists(local);
      }
    }
    return files;
  }

  /** Copies a finished local file into the folder. */
  Path publish(java.nio.file.Path local, String name) throws IOException {
    Path target = new Path(folder, name);
    Path unfinished = new Path(folder, "_" + name + ".unfinished");
    WholeFile.write(fileSystem, target, unfinished, out -> Files.copy(local, out));
    return target;
  }
}
