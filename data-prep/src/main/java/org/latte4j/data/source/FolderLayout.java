package org.latte4j.data.source;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.VideoOrigin;

/** All videos below a folder, at any depth, without classes. */
public final class FolderLayout implements SourceLayout {
  static final String NAME = "folder";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SourceListing list(Path root, Configuration configuration) throws IOException {
    SourceFolder folder = SourceFolder.open(root, configuration);
    List<SourceVideo> videos =
        folder.videos().stream()
            .map(file -> folder.video(file, VideoOrigin.UNLABELLED, ""))
            .toList();
    return new SourceListing(videos, List.of());
  }
}
