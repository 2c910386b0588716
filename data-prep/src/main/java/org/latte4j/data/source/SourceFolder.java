package org.latte4j.data.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** A data set's folder, listed once. */
final class SourceFolder {
  /** The part of the data set that videos belong to where the layout names no other. */
  private static final String SPLIT = "train";

  private static final Set<String> ENDINGS =
      new TreeSet<>(
          List.of(
              "avi", "mp4", "m4v", "mov", "mkv", "webm", "mpg", "mpeg", "ts", "wmv", "flv", "ogv",
              "3gp", "gif"));

  private final Path root;
  private final List<FileStatus> videos;
  private final List<String> subfolders;

  private SourceFolder(Path root, List<FileStatus> videos, List<String> subfolders) {
    this.root = root;
    this.videos = videos;
    this.subfolders = subfolders;
  }

  static SourceFolder open(Path root, Configuration configuration) throws IOException {
    FileSystem files = root.getFileSystem(configuration);
    Path qualified = files.makeQualified(root);
    FileStatus status;
    try {
      status = files.getFileStatus(qualified);
    } catch (FileNotFoundException e) {
      throw new InvalidSourceException(
          qualified + ": there is no such folder; check the path of the videos", e);
    }
    if (!status.isDirectory()) {
      throw new InvalidSourceException(
          qualified + ": is a file; give the folder that holds the videos");
    }
    SourceFolder folder =
        new SourceFolder(qualified, new ArrayList<>(), listSubfolders(files, qualified));
    folder.listVideos(files);
    return folder;
  }

  private static List<String> listSubfolders(FileSystem files, Path root) throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus child : files.listStatus(root)) {
      String name = child.getPath().getName();
      if (child.isDirectory() && !hidden(name)) {
        names.add(name);
      }
    }
    names.sort(Comparator.naturalOrder());
    return List.copyOf(names);
  }

  private void listVideos(FileSystem files) throws IOException {
    int others = 0;
    RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
    while (found.hasNext()) {
      FileStatus file = found.next();
      if (visible(id(file)) && endsLikeVideo(file.getPath().getName())) {
        videos.add(file);
      } else {
        others++;
      }
    }
    if (videos.isEmpty()) {
      throw new InvalidSourceException(
          others == 0
              ? root + ": the folder is empty; put videos into it or check the path"
              : "%s: holds no videos, only %d other files; videos end in %s"
                  .formatted(root, others, String.join(", ", ENDINGS)));
    }
    videos.sort(Comparator.comparing(this::id));
  }

  /** Sorted by id. */
  List<FileStatus> videos() {
    return List.copyOf(videos);
  }

  /** Names of the folders directly below, sorted. */
  List<String> subfolders() {
    return subfolders;
  }

  /** The path below the root. */
  String id(FileStatus file) {
    String below = file.getPath().toUri().getPath().substring(root.toUri().getPath().length());
    return below.startsWith("/") ? below.substring(1) : below;
  }

  SourceVideo video(FileStatus file, int label, String className) {
    return new SourceVideo(
        id(file),
        file.getPath().toString(),
        label,
        className,
        SPLIT,
        file.getLen(),
        file.getModificationTime());
  }

  private static boolean visible(String id) {
    for (String name : id.split("/", -1)) {
      if (hidden(name)) {
        return false;
      }
    }
    return true;
  }

  private static boolean hidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static boolean endsLikeVideo(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
