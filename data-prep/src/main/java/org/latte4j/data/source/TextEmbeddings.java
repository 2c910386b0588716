package org.latte4j.data.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.latte4j.data.shard.RejectedVideo;

/**
 * Where the precomputed text embeddings of a data set's videos lie: safetensors files that a list
 * names ({@code path}, {@code file}, {@code key}; a {@link ListTable}), or a folder that holds one
 * file a video, under the video's path with {@code .safetensors} behind it or in place of its
 * ending.
 *
 * <p>Files are taken below the list's folder unless they are full addresses. Without a key, the
 * file holds one array alone. Immutable and thread-safe.
 */
public final class TextEmbeddings {
  private static final String ENDING = ".safetensors";
  private static final List<String> COLUMNS = List.of("path", "file", "key");

  private final Path place;
  private final Map<String, TextLocation> byVideo;

  private TextEmbeddings(Path place, Map<String, TextLocation> byVideo) {
    this.place = place;
    this.byVideo = byVideo;
  }

  /**
   * Reads a list or lists a folder; the arrays are not looked at yet.
   *
   * @throws InvalidSourceException if there is no such place, or the list is damaged
   */
  public static TextEmbeddings read(Path place, Configuration configuration) throws IOException {
    FileSystem files = place.getFileSystem(configuration);
    FileStatus status;
    try {
      status = files.getFileStatus(place);
    } catch (FileNotFoundException e) {
      throw new InvalidSourceException(
          place + " (source.text-embeddings): there is no such list or folder", e);
    }
    Path found = status.getPath();
    return new TextEmbeddings(
        found, status.isDirectory() ? folder(files, found) : list(found, configuration));
  }

  private static Map<String, TextLocation> folder(FileSystem files, Path root) throws IOException {
    Map<String, TextLocation> byVideo = new HashMap<>();
    int cut = root.toUri().getPath().length() + 1;
    RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
    while (found.hasNext()) {
      FileStatus file = found.next();
      String path = file.getPath().toUri().getPath();
      if (path.endsWith(ENDING)) {
        byVideo.put(
            path.substring(cut, path.length() - ENDING.length()),
            new TextLocation(file.getPath().toString(), "", SourceFolder.identity(file)));
      }
    }
    return byVideo;
  }

  private static Map<String, TextLocation> list(Path list, Configuration configuration)
      throws IOException {
    Map<String, TextLocation> byVideo = new HashMap<>();
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
      if (byVideo.put(row.field("path"), location) != null) {
        throw new InvalidSourceException(
            "%s:%d: %s is listed twice".formatted(list, row.line(), row.field("path")));
      }
    }
    return byVideo;
  }

  /** Where the embedding of a video lies. */
  Optional<TextLocation> of(String video) {
    TextLocation found = byVideo.get(video);
    int dot = video.lastIndexOf('.');
    if (found == null && dot > video.lastIndexOf('/')) {
      found = byVideo.get(video.substring(0, dot));
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
