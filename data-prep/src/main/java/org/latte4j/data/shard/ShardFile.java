package org.latte4j.data.shard;

import java.io.Serializable;
import java.util.List;

/**
 * One file of a data set.
 *
 * @param name in the folder
 * @param bytes its length
 * @param sha256 of its content, in hexadecimal
 * @param videos in it; their rows follow one another in this order
 */
public record ShardFile(String name, long bytes, String sha256, List<EncodedVideo> videos)
    implements Serializable {
  /** Copies the list into a compact form. */
  public ShardFile {
    videos = VideoTable.of(videos);
  }

  /** Rows in the file. */
  public int rows() {
    return ((VideoTable) videos).rows();
  }

  /** Videos whose first rows are in the file. */
  public int videosBegun() {
    return Math.toIntExact(videos.stream().filter(video -> !video.continues()).count());
  }

  /** Frames that were decoded for it; overlaps and flips are not counted again. */
  public long frames() {
    return videos.stream().mapToLong(EncodedVideo::frames).sum();
  }
}
