package org.latte4j.data.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.latte4j.data.source.SourceVideo.Form;

/** A data set's folder, listed once: its video files and its folders of frames. */
final class SourceFolder {
  private static final Set<String> ENDINGS =
      new TreeSet<>(
          List.of(
              "avi", "mp4", "m4v", "mov", "mkv", "webm", "mpg", "mpeg", "ts", "wmv", "flv", "ogv",
              "3gp", "gif"));

  private final Path root;
  private final List<String> subfolders;
  private final List<SourceVideo> videos = new ArrayList<>();
  private final Map<String, FrameFolder> frameFolders = new TreeMap<>();
  private int others;

  private SourceFolder(Path root, List<String> subfolders) {
    this.root = root;
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
    SourceFolder folder = new SourceFolder(qualified, listSubfolders(files, qualified));
    folder.listFiles(files);
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

  private void listFiles(FileSystem files) throws IOException {
    RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
    while (found.hasNext()) {
      FileStatus file = found.next();
      String id = id(file.getPath());
      if (visible(id) && endsLikeVideo(file.getPath().getName())) {
        videos.add(
            SourceVideo.unlabelled(
                id, file.getPath().toString(), Form.FILE, file.getLen(), identity(file)));
      } else if (visible(id) && FrameOrder.isFrame(file.getPath().getName())) {
        Path folder = file.getPath().getParent();
        frameFolders.computeIfAbsent(id(folder), ignored -> new FrameFolder(folder)).add(file);
      } else {
        others++;
      }
    }
    videos.sort(Comparator.comparing(SourceVideo::id));
  }

  /** The folder's full address. */
  Path root() {
    return root;
  }

  /**
   * The video files, sorted by id.
   *
   * @throws InvalidSourceException if there is none
   */
  List<SourceVideo> videos() throws InvalidSourceException {
    if (videos.isEmpty()) {
      int rest = others + frameFolders.values().stream().mapToInt(folder -> folder.frames).sum();
      throw new InvalidSourceException(
          rest == 0
              ? root + ": the folder is empty; put videos into it or check the path"
              : "%s: holds no videos, only %d other files; videos end in %s"
                  .formatted(root, rest, String.join(", ", ENDINGS)));
    }
    return List.copyOf(videos);
  }

  /**
   * The folders that hold pictures, sorted by id.
   *
   * @throws InvalidSourceException if there is none
   */
  List<SourceVideo> frameFolders() throws InvalidSourceException {
    if (frameFolders.isEmpty()) {
      throw new InvalidSourceException(
          "%s: holds no folders of frames (pictures such as name_1.jpg, name_2.jpg), only %d other"
                  .formatted(root, others + videos.size())
              + " files; check the path, or set source.layout = folder for video files");
    }
    List<SourceVideo> folders = new ArrayList<>();
    frameFolders.forEach((id, folder) -> folders.add(folder.video(id)));
    return folders;
  }

  /** Whether there are video files. */
  boolean hasVideos() {
    return !videos.isEmpty();
  }

  /** Whether there are folders of frames. */
  boolean hasFrameFolders() {
    return !frameFolders.isEmpty();
  }

  /** Names of the folders directly below, sorted. */
  List<String> subfolders() {
    return subfolders;
  }

  /** The path below the root; "." for the root itself. */
  private String id(Path path) {
    String below = path.toUri().getPath().substring(root.toUri().getPath().length());
    String id = below.startsWith("/") ? below.substring(1) : below;
    return id.isEmpty() ? "." : id;
  }

  static String identity(FileStatus file) {
    return file.getLen() + "-" + file.getModificationTime();
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

  static boolean endsLikeVideo(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /** Sums over the frames of one folder; millions of frames are not kept one by one. */
  static final class FrameFolder {
    private final Path path;
    private int frames;
    private long bytes;
    private long modified;

    FrameFolder(Path path) {
      this.path = path;
    }

    void add(FileStatus frame) {
      frames++;
      bytes += frame.getLen();
      modified = Math.max(modified, frame.getModificationTime());
    }

    SourceVideo video(String id) {
      return SourceVideo.unlabelled(
          id, path.toString(), Form.FRAMES, bytes, frames + "x" + bytes + "-" + modified);
    }
  }
}
