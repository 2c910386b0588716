package org.latte4j.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads single rows of shards in any order. Row groups are decoded whole and kept, the least
 * recently used ones leaving first.
 *
 * <p>What is read is verified: a file's length when it is opened, every page's CRC when it is
 * decoded, a row's checksum, and that the row is the one the manifest lists. Whole files are not
 * read for it; {@link LatentShards#verifyContents} does that.
 *
 * <p>Not thread-safe: one a thread. Closing it closes the files.
 */
public final class ShardReader implements Closeable {
  private static final int MOST_OPEN_FILES = 64;

  private final LatentShards shards;
  private final long cacheBytes;
  private final Map<Integer, OpenShard> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<GroupKey, List<LatentSegment>> cache = new LinkedHashMap<>(16, 0.75f, true);
  private long cachedBytes;

  ShardReader(LatentShards shards, long cacheBytes) {
    this.shards = shards;
    this.cacheBytes = cacheBytes;
  }

  /**
   * One row.
   *
   * @param file index in the manifest's files
   * @param row in that file, from 0
   * @throws ShardFormatException if the file is missing, truncated or damaged
   */
  public LatentSegment segment(int file, int row) throws IOException {
    Objects.checkIndex(file, shards.manifest().files().size());
    OpenShard shard = shard(file);
    Objects.checkIndex(row, shard.rows());
    int group = shard.groupOf(row);
    GroupKey key = new GroupKey(file, group);
    List<LatentSegment> segments = cache.get(key);
    if (segments == null) {
      segments = shard.readGroup(group);
      keep(key, segments);
    }
    return segments.get(row - shard.firstRow(group));
  }

  @Override
  public void close() throws IOException {
    cache.clear();
    cachedBytes = 0;
    List<OpenShard> files = List.copyOf(open.values());
    open.clear();
    for (OpenShard file : files) {
      file.reader.close();
    }
  }

  private OpenShard shard(int index) throws IOException {
    OpenShard known = open.get(index);
    if (known != null) {
      return known;
    }
    OpenShard opened = OpenShard.open(shards, shards.manifest().files().get(index));
    open.put(index, opened);
    if (open.size() > MOST_OPEN_FILES) {
      Integer eldest = open.keySet().iterator().next();
      open.remove(eldest).reader.close();
    }
    return opened;
  }

  private void keep(GroupKey key, List<LatentSegment> segments) {
    cache.put(key, segments);
    cachedBytes += bytes(segments);
    var eldest = cache.entrySet().iterator();
    while (cachedBytes > cacheBytes && cache.size() > 1) {
      cachedBytes -= bytes(eldest.next().getValue());
      eldest.remove();
    }
  }

  private static long bytes(List<LatentSegment> segments) {
    return segments.stream().mapToLong(segment -> segment.moments().length).sum();
  }

  private record GroupKey(int file, int group) {}

  /** An open file with the first row of each of its row groups. */
  private static final class OpenShard {
    private final String name;
    private final ParquetFileReader reader;
    private final TextEncoding text;
    private final List<RowKey> rows;
    private final int[] firstRows;

    private OpenShard(
        String name,
        ParquetFileReader reader,
        TextEncoding text,
        List<RowKey> rows,
        int[] firstRows) {
      this.name = name;
      this.text = text;
      this.reader = reader;
      this.rows = rows;
      this.firstRows = firstRows;
    }

    static OpenShard open(LatentShards shards, ShardFile file) throws IOException {
      String name = shards.path(file).toString();
      HadoopInputFile input =
          HadoopInputFile.fromStatus(shards.verifyLength(file), shards.hadoop());
      ParquetFileReader reader;
      try {
        reader =
            ParquetFileReader.open(
                input, ParquetReadOptions.builder().usePageChecksumVerification().build());
      } catch (IOException | RuntimeException e) {
        throw damaged(name, e);
      }
      List<BlockMetaData> blocks = reader.getRowGroups();
      int[] firstRows = new int[blocks.size()];
      int row = 0;
      for (int group = 0; group < firstRows.length; group++) {
        firstRows[group] = row;
        row += Math.toIntExact(blocks.get(group).getRowCount());
      }
      if (row != file.rows()) {
        reader.close();
        throw new ShardFormatException(
            "%s has %d rows, and the manifest says %d: it was replaced. Encode the data set again"
                .formatted(name, row, file.rows()));
      }
      return new OpenShard(name, reader, shards.manifest().text(), RowKey.of(file), firstRows);
    }

    int rows() {
      return rows.size();
    }

    int firstRow(int group) {
      return firstRows[group];
    }

    int groupOf(int row) {
      int found = Arrays.binarySearch(firstRows, row);
      return found >= 0 ? found : -found - 2;
    }

    List<LatentSegment> readGroup(int group) throws IOException {
      List<Group> rowsRead = new ArrayList<>();
      try {
        PageReadStore pages = reader.readRowGroup(group);
        MessageType schema = SegmentSchema.of(text);
        MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
        RecordReader<Group> records =
            columns.getRecordReader(pages, new GroupRecordConverter(schema));
        for (long i = 0; i < pages.getRowCount(); i++) {
          rowsRead.add(records.read());
        }
      } catch (IOException | RuntimeException e) {
        throw damaged(name, e);
      }
      List<LatentSegment> segments = new ArrayList<>();
      for (Group read : rowsRead) {
        int row = firstRows[group] + segments.size();
        LatentSegment segment = SegmentSchema.fromRow(read, text, name + ", row " + row);
        rows.get(row).verify(segment, name, row);
        segments.add(segment);
      }
      return segments;
    }

    private static ShardFormatException damaged(String name, Exception cause) {
      return new ShardFormatException(
          "%s is damaged (%s): copy it again or encode the data set again"
              .formatted(name, cause.getMessage()),
          cause);
    }
  }

  /** Which segment the manifest lists in a row. */
  private record RowKey(String source, SegmentRow segment) {
    static List<RowKey> of(ShardFile file) {
      return file.videos().stream()
          .flatMap(video -> video.rows().stream().map(row -> new RowKey(video.source(), row)))
          .toList();
    }

    void verify(LatentSegment read, String name, int row) throws ShardFormatException {
      RowKey found =
          new RowKey(
              read.origin().source(),
              new SegmentRow(read.start(), read.shape().frames(), read.flipped()));
      if (!equals(found)) {
        throw new ShardFormatException(
            "%s, row %d holds %s, and the manifest lists %s: it was replaced. Encode the data set"
                    .formatted(name, row, found, this)
                + " again");
      }
    }
  }
}
