package org.latte4j.data.frames;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.data.video.RgbImage;

/**
 * Reads single frames in any order. Row groups are decoded whole and kept, the least recently used
 * ones leaving first. A file's length, every page's CRC and every frame's checksum are verified.
 *
 * <p>Not thread-safe: one a thread. Closing it closes the files.
 */
public final class FrameReader implements Closeable {
  private static final int MOST_OPEN_FILES = 64;

  private final FrameManifest manifest;
  private final Path folder;
  private final Configuration hadoop;
  private final long cacheBytes;
  private final Map<Integer, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<GroupKey, List<RgbImage>> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long cachedBytes;

  /**
   * A reader over a folder of frames.
   *
   * @param cacheBytes of decoded frames that may be kept
   */
  public FrameReader(FrameManifest manifest, Path folder, Configuration hadoop, long cacheBytes) {
    this.manifest = manifest;
    this.folder = folder;
    this.hadoop = hadoop;
    this.cacheBytes = cacheBytes;
  }

  private record GroupKey(int file, int group) {}

  /**
   * A frame.
   *
   * @throws ShardFormatException if its file is missing, truncated or damaged
   */
  public RgbImage frame(FrameCatalog.Location location) throws IOException {
    OpenFile file = file(location.file());
    int group = file.groupOf(location.row());
    GroupKey key = new GroupKey(location.file(), group);
    List<RgbImage> frames = cache.get(key);
    if (frames == null) {
      frames = file.readGroup(group);
      keep(key, frames);
    }
    return frames.get(location.row() - file.firstRows[group]);
  }

  @Override
  public void close() throws IOException {
    cache.clear();
    cachedBytes = 0;
    List<OpenFile> files = List.copyOf(open.values());
    open.clear();
    for (OpenFile file : files) {
      file.reader.close();
    }
  }

  private OpenFile file(int index) throws IOException {
    OpenFile known = open.get(index);
    if (known != null) {
      return known;
    }
    OpenFile opened = open(manifest.files().get(index));
    open.put(index, opened);
    if (open.size() > MOST_OPEN_FILES) {
      Integer eldest = open.keySet().iterator().next();
      open.remove(eldest).reader.close();
    }
    return opened;
  }

  private OpenFile open(FrameFile file) throws IOException {
    Path path = new Path(folder, file.name());
    FileStatus status;
    try {
      status = path.getFileSystem(hadoop).getFileStatus(path);
    } catch (FileNotFoundException e) {
      throw damaged(path.toString(), "missing", e);
    }
    if (status.getLen() != file.bytes()) {
      throw damaged(
          path.toString(),
          "%d bytes long, and the manifest says %d".formatted(status.getLen(), file.bytes()),
          null);
    }
    try {
      return new OpenFile(
          path.toString(),
          ParquetFileReader.open(
              HadoopInputFile.fromStatus(status, hadoop),
              ParquetReadOptions.builder().usePageChecksumVerification().build()));
    } catch (IOException | RuntimeException e) {
      throw damaged(path.toString(), e.getMessage(), e);
    }
  }

  private void keep(GroupKey key, List<RgbImage> frames) {
    cache.put(key, frames);
    cachedBytes += bytes(frames);
    var eldest = cache.entrySet().iterator();
    while (cachedBytes > cacheBytes && cache.size() > 1) {
      cachedBytes -= bytes(eldest.next().getValue());
      eldest.remove();
    }
  }

  private static long bytes(List<RgbImage> frames) {
    return frames.stream().mapToLong(frame -> frame.pixels().length).sum();
  }

  private static ShardFormatException damaged(String path, String how, Exception cause) {
    return new ShardFormatException(
        "%s is damaged (%s): remove the folder of frames, and it is made again"
            .formatted(path, how),
        cause);
  }

  /** An open file with the first row of each of its row groups. */
  private static final class OpenFile {
    private final String path;
    private final ParquetFileReader reader;
    private final int[] firstRows;

    OpenFile(String path, ParquetFileReader reader) {
      this.path = path;
      this.reader = reader;
      List<BlockMetaData> blocks = reader.getRowGroups();
      this.firstRows = new int[blocks.size()];
      int row = 0;
      for (int group = 0; group < firstRows.length; group++) {
        firstRows[group] = row;
        row += Math.toIntExact(blocks.get(group).getRowCount());
      }
    }

    int groupOf(int row) {
      int found = Arrays.binarySearch(firstRows, row);
      return found >= 0 ? found : -found - 2;
    }

    List<RgbImage> readGroup(int group) throws IOException {
      List<Group> rows = new ArrayList<>();
      try {
        PageReadStore pages = reader.readRowGroup(group);
        RecordReader<Group> records =
            new ColumnIOFactory()
                .getColumnIO(FrameSchema.TYPE)
                .getRecordReader(pages, new GroupRecordConverter(FrameSchema.TYPE));
        for (long i = 0; i < pages.getRowCount(); i++) {
          rows.add(records.read());
        }
      } catch (IOException | RuntimeException e) {
        throw damaged(path, e.getMessage(), e);
      }
      List<RgbImage> frames = new ArrayList<>();
      for (Group row : rows) {
        int number = firstRows[group] + frames.size();
        frames.add(FrameSchema.fromRow(row, path + ", row " + number));
      }
      return frames;
    }
  }
}
