package org.latte4j.spark.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.data.video.RgbImage;
import org.latte4j.data.video.VideoFormat;

/**
 * Writes videos, as what {@code sample.outputs} asks for, into a folder of any Hadoop file system.
 * A file appears there whole or not at all. One frame is held at a time, but for GIF, whose palette
 * is chosen over all frames.
 */
final class VideoFiles {
  private final Path folder;
  private final FileSystem fileSystem;
  private final SampleSettings settings;

  VideoFiles(Path folder, Configuration hadoop, SampleSettings settings) throws IOException {
    this.folder = folder;
    this.fileSystem = folder.getFileSystem(hadoop);
    this.settings = settings;
  }

  /**
   * Writes one video.
   *
   * @param frames at least one
   * @return the paths of the files, and of the folder of frames
   */
  List<String> write(String name, Iterator<RgbImage> frames) throws IOException {
    List<FrameSink> sinks = new ArrayList<>();
    try {
      while (frames.hasNext()) {
        RgbImage frame = frames.next().enlarged(settings.enlarge());
        if (sinks.isEmpty()) {
          open(name, frame, sinks);
        }
        for (FrameSink sink : sinks) {
          sink.write(frame);
        }
      }
      List<String> written = new ArrayList<>();
      for (FrameSink sink : sinks) {
        written.add(sink.finish());
      }
      return written;
    } finally {
      close(sinks);
    }
  }

  private void open(String name, RgbImage first, List<FrameSink> sinks) throws IOException {
    int rate = settings.framesPerSecond();
    for (SampleSettings.Output output : settings.outputs()) {
      switch (output) {
        case MP4 -> sinks.add(new EncodedVideo(this, name, VideoFormat.MP4, first, rate));
        case GIF -> sinks.add(new EncodedVideo(this, name, VideoFormat.GIF, first, rate));
        case FRAMES -> sinks.add(new FrameFolder(this, name));
        case CONTACT_SHEET -> {
          // The driver's: it shows all videos.
        }
      }
    }
  }

  private static void close(List<FrameSink> sinks) throws IOException {
    IOException failure = null;
    for (FrameSink sink : sinks) {
      try {
        sink.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Where something of this name lies. */
  Path path(String name) {
    return new Path(folder, name);
  }

  /** Copies a finished local file into the folder. */
  Path publish(java.nio.file.Path local, String name) throws IOException {
    return publish(path(name), out -> Files.copy(local, out));
  }

  /** Writes a file. */
  Path publish(Path target, WholeFile.Content content) throws IOException {
    Path unfinished = new Path(target.getParent(), "_" + target.getName() + ".unfinished");
    WholeFile.write(fileSystem, target, unfinished, content);
    return target;
  }
}
