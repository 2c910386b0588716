package org.latte4j.data.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.data.storage.HadoopChannel;
import org.latte4j.model.weights.SafetensorsFile;

/**
 * Where precomputed text embeddings lie, each under a name: of a data set, the path of its video.
 * They are in safetensors files that a list names ({@code path}, {@code file}, {@code key}; a
 * {@link ListTable}); in one such file, under their names; or in a folder, which has such a list
 * ({@code texts.jsonl}) or holds one file each, under the name with {@code .safetensors} behind it
 * or in place of its ending.
 *
 * <p>Files are taken below the list's folder unless they are full addresses. Without a key, the
 * file holds one array alone. Immutable and thread-safe.
 */
public final class TextEmbeddings {
  private static final String ENDING = ".safetensors";

  /** The list of a folder that {@code encode-text} wrote. */
  private static final String LIST = "texts.jsonl";

  private static final List<String> COLUMNS = List.of("path", "file", "key");

  private final Path place;
  private final Map<String, TextLocation> byName;

  private TextEmbeddings(Path place, Map<String, TextLocation> byName) {
    this.place = place;
    this.byName = Collections.unmodifiableMap(byName);
  }

  /**
   * Reads a list or lists a file or folder; the arrays are not looked at yet.
   *
   * @param setting that names the place, for messages
   * @throws InvalidSourceException if there is no such place, or the list is damaged
   */
  public static TextEmbeddings read(Path place, String setting, Configuration configuration)
      throws IOException {
    FileSystem files = place.getFileSystem(configuration);
    FileStatus status;
    try {
      status = files.getFileStatus(place);
    } catch (FileNotFoundException e) {
      throw new InvalidSourceException(
          "%s (%s): there is no such list, file or folder".formatted(place, setting), e);
    }
    Path found = status.getPath();
    if (status.isDirectory()) {
      Path list = new Path(found, LIST);
      return new TextEmbeddings(
          found, files.exists(list) ? list(list, configuration) : folder(files, found));
    }
    return new TextEmbeddings(
        found,
        found.getName().endsWith(ENDING) ? arrays(files, status) : list(found, configuration));
  }

  private static Map<String, TextLocation> arrays(FileSystem files, FileStatus status)
      throws IOException {
    Path path = status.getPath();
    String identity = SourceFolder.identity(status);
    Map<String, TextLocation> byName = new LinkedHashMap<>();
    try (SafetensorsFile arrays =
        SafetensorsFile.open(
            new HadoopChannel(files.open(path), status.getLen()), path.toString())) {
      for (String name : arrays.names()) {
        byName.put(name, new TextLocation(path.toString(), name, identity));
      }
    }
    return byName;
  }

  private static Map<String, TextLocation> folder(FileSystem files, Path root) throws IOException {
    Map<String, TextLocation> byName = new TreeMap<>();
    int cut = root.toUri().getPath().length() + 1;
    RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
    while (found.hasNext()) {
      FileStatus file = found.next();
      String path = file.getPath().toUri().getPath();
      if (path.endsWith(ENDING)) {
        byName.put(
            path.substring(cut, path.length() - ENDING.length()),
            new TextLocation(file.getPath().toString(), "", SourceFolder.identity(file)));
      }
    }
    return byName;
  }

  private static Map<String, TextLocation> list(Path list, Configuration configuration)
      throws IOException {
    Map<String, TextLocation> byName = new LinkedHashMap<>();
    Map<String, FileStatus> seen = new HashMap<>();
    for (ListTable.Row row : new ListTable(list, COLUMNS).read(configuration)) {
      String name = row.field("file");
      FileStatus file = seen.get(name);
      if (file == null) {
        try {
          Path path = new Path(list.getParent(), name);
          file = path.getFileSystem(configuration).getFileStatus(path);
        } catch (FileNotFoundException | IllegalArgumentException e) {
          throw new InvalidSourceException(
              "%s:%d: there is no file '%s'".formatted(list, row.line(), name), e);
        }
        seen.put(name, file);
      }
      TextLocation location =
          new TextLocation(
              file.getPath().toString(), row.field("key"), SourceFolder.identity(file));
      if (byName.put(row.field("path"), location) != null) {
        throw new InvalidSourceException(
            "%s:%d: %s is listed twice".formatted(list, row.line(), row.field("path")));
      }
    }
    return byName;
  }

  /** All of them by name: in the order of the list or file, or sorted. */
  public Map<String, TextLocation> byName() {
    return byName;
  }

  /** Where the embedding of a video lies. */
  Optional<TextLocation> of(String video) {
    TextLocation found = byName.get(video);
    int dot = video.lastIndexOf('.');
    if (found == null && dot > video.lastIndexOf('/')) {
      found = byName.get(video.substring(0, dot));
    }
    return Optional.ofNullable(found);
  }

  /** The listing with each video's embedding; videos without one are rejected. */
  public SourceListing join(SourceListing listing) {
    List<SourceVideo> videos = new ArrayList<>();
    List<RejectedVideo> rejected = new ArrayList<>(listing.rejected());
    for (SourceVideo video : listing.videos()) {
      Optional<TextLocation> text = of(video.id());
      if (text.isPresent()) {
        videos.add(video.withText(text.get()));
      } else {
        rejected.add(
            new RejectedVideo(
                video.id(),
                video.bytes(),
                video.identity(),
                "has no text embedding in " + place.getName()));
      }
    }
    return new SourceListing(videos, listing.classNames(), rejected);
  }
}
