package org.latte4j.data.frames;

import java.util.List;
import org.latte4j.data.shard.RejectedVideo;

/**
 * A file of frames, and what became of the videos that were to go into it.
 *
 * @param name in the folder
 * @param bytes its length
 * @param sha256 of its content, in hexadecimal
 * @param videos in it; their frames follow one another in this order
 * @param rejected videos that are not
 */
public record FrameFile(
    String name, long bytes, String sha256, List<Video> videos, List<RejectedVideo> rejected) {
  /** Copies the lists. */
  public FrameFile {
    videos = List.copyOf(videos);
    rejected = List.copyOf(rejected);
  }

  /**
   * A video whose frames are in a file.
   *
   * @param source path below the input folder
   * @param identity what tells later whether it has changed
   * @param split part of the data set that it belongs to
   * @param frames of it in the file
   */
  public record Video(String source, String identity, String split, int frames) {}

  /** Frames in the file. */
  public int frames() {
    return videos.stream().mapToInt(Video::frames).sum();
  }
}
