package org.latte4j.data.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.source.SourceVideo.Form;

/**
 * The videos that a list file names, with class, caption and split ({@link VideoList}). Paths are
 * taken below the data set's root unless they are full addresses ({@code s3a://...}); a folder is a
 * folder of frames.
 *
 * <p>If every label is a whole number, it is the class's index; otherwise labels are names, and the
 * index is the place among all names of the list, sorted. Either all videos have a label or none
 * has. What the list names and is not there is rejected.
 */
public final class ListLayout implements SourceLayout {
  private static final String INDEX = "\\d{1,6}";

  private final Path list;

  /** The layout of this list file, on any Hadoop file system. */
  public ListLayout(Path list) {
    this.list = list;
  }

  @Override
  public SourceListing list(Path root, Configuration configuration) throws IOException {
    List<ListEntry> entries = VideoList.read(list, configuration);
    checkUnique(entries);
    Map<String, Integer> classes = classes(entries);
    Path qualified = root.getFileSystem(configuration).makeQualified(root);
    List<SourceVideo> videos = new ArrayList<>();
    List<RejectedVideo> rejected = new ArrayList<>();
    for (ListEntry entry : entries) {
      try {
        SourceVideo video =
            find(entry.path(), qualified, configuration)
                .withCaption(entry.caption())
                .inSplit(entry.split());
        videos.add(
            classes.isEmpty() ? video : video.withClass(classes.get(entry.label()), entry.label()));
      } catch (FileNotFoundException e) {
        rejected.add(
            new RejectedVideo(
                entry.path(),
                0,
                "",
                "%s:%d names it, and there is no such file"
                    .formatted(list.getName(), entry.line())));
      }
    }
    videos.sort(Comparator.comparing(SourceVideo::id));
    return new SourceListing(videos, names(classes), rejected);
  }

  private static SourceVideo find(String path, Path root, Configuration configuration)
      throws IOException {
    Path file = isAddress(path) ? new Path(path) : new Path(root, new Path(null, null, path));
    FileSystem files = file.getFileSystem(configuration);
    FileStatus status = files.getFileStatus(file);
    if (!status.isDirectory()) {
      return SourceVideo.unlabelled(
          path,
          status.getPath().toString(),
          Form.FILE,
          status.getLen(),
          SourceFolder.identity(status));
    }
    SourceFolder.FrameFolder frames = new SourceFolder.FrameFolder(status.getPath());
    for (FileStatus child : files.listStatus(file)) {
      if (child.isFile() && FrameOrder.isFrame(child.getPath().getName())) {
        frames.add(child);
      }
    }
    return frames.video(path);
  }

  private static boolean isAddress(String path) {
    return path.startsWith("/")
        || (path.contains("://") && URI.create(path.replace(' ', '+')).getScheme() != null);
  }

  private void checkUnique(List<ListEntry> entries) throws InvalidSourceException {
    Set<String> seen = new HashSet<>();
    for (ListEntry entry : entries) {
      if (!seen.add(entry.path())) {
        throw new InvalidSourceException(
            "%s:%d: %s is listed twice".formatted(list, entry.line(), entry.path()));
      }
    }
  }

  /** Index by label; empty if there are no labels. */
  private Map<String, Integer> classes(List<ListEntry> entries) throws InvalidSourceException {
    Set<String> labels = new TreeSet<>();
    for (ListEntry entry : entries) {
      if (entry.label().isEmpty() != entries.get(0).label().isEmpty()) {
        throw new InvalidSourceException(
            "%s:%d: either every video has a label or none has; %s differs from the first line"
                .formatted(list, entry.line(), entry.path()));
      }
      labels.add(entry.label());
    }
    Map<String, Integer> classes = new HashMap<>();
    if (entries.get(0).label().isEmpty()) {
      return classes;
    }
    boolean indices = labels.stream().allMatch(label -> label.matches(INDEX));
    for (String label : labels) {
      classes.put(label, indices ? Integer.parseInt(label) : classes.size());
    }
    return classes;
  }

  /** By index; an index without videos keeps its number as its name. */
  private static List<String> names(Map<String, Integer> classes) {
    List<String> names = new ArrayList<>();
    int count = classes.values().stream().mapToInt(index -> index + 1).max().orElse(0);
    for (int index = 0; index < count; index++) {
      names.add(String.valueOf(index));
    }
    classes.forEach((label, index) -> names.set(index, label));
    return names;
  }
}
