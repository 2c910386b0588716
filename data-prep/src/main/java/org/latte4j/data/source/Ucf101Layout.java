package org.latte4j.data.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * UCF101's layout (arXiv 1212.0402): one folder a class, as in {@code
 * Archery/v_Archery_g01_c03.avi}. A class's label is the place of its folder among all, sorted by
 * name, as in the paper's code; files may have any name that ends like a video.
 */
public final class Ucf101Layout implements SourceLayout {
  static final String NAME = "ucf101";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SourceListing list(Path root, Configuration configuration) throws IOException {
    SourceFolder folder = SourceFolder.open(root, configuration);
    List<String> classNames = folder.subfolders();
    List<SourceVideo> videos = new ArrayList<>();
    for (FileStatus file : folder.videos()) {
      String className = file.getPath().getParent().getName();
      int label = classNames.indexOf(className);
      if (label < 0 || !folder.id(file).equals(className + "/" + file.getPath().getName())) {
        throw new InvalidSourceException(
            ("%s: the video %s does not lie in a class folder directly below it; layout \"%s\""
                    + " expects Class/video.avi (for videos without classes set source.layout ="
                    + " %s)")
                .formatted(root, folder.id(file), NAME, FolderLayout.NAME));
      }
      videos.add(folder.video(file, label, className));
    }
    return new SourceListing(videos, classNames);
  }
}
