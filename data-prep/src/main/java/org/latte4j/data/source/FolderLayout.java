package org.latte4j.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Everything below a folder, at any depth, without classes: FaceForensics (video files),
 * SkyTimelapse (folders of frames, {@code name_N.jpg}), Taichi-HD (either).
 *
 * <p>If the first folder of every path is named like a split ({@code train}, {@code test}, {@code
 * val}, with or without {@code sky_} in front), it is the split.
 */
public final class FolderLayout implements SourceLayout {
  private final Content content;

  /** What is taken for a video. */
  public enum Content {
    /** Video files. */
    VIDEOS,
    /** Folders that hold pictures. */
    FRAMES,
    /** Both. */
    EITHER
  }

  /** A layout of this content. */
  public FolderLayout(Content content) {
    this.content = content;
  }

  @Override
  public SourceListing list(Path root, Configuration configuration) throws IOException {
    SourceFolder folder = SourceFolder.open(root, configuration);
    List<SourceVideo> videos = new ArrayList<>();
    boolean either = content == Content.EITHER;
    if (content == Content.VIDEOS
        || (either && !folder.hasFrameFolders())
        || (either && folder.hasVideos())) {
      videos.addAll(folder.videos());
    }
    if (content == Content.FRAMES || (either && folder.hasFrameFolders())) {
      videos.addAll(folder.frameFolders());
    }
    return new SourceListing(SplitFolders.assign(videos), List.of());
  }
}
