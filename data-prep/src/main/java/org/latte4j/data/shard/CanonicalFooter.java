package org.latte4j.data.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Parquet's footer in one order. The library lists the encodings of a column as a hash set of enum
 * constants has them, which every JVM orders anew: without this, the same rows would give other
 * bytes in another process, and a file written twice would not have the checksum on record.
 */
final class CanonicalFooter {
  /** Behind the footer: its length, little endian, and the magic number. */
  private static final int TAIL = 8;

  private CanonicalFooter() {}

  /**
   * The end of a file with its footer put in order.
   *
   * @param end the last bytes of a Parquet file, the whole footer included
   */
  static byte[] of(byte[] end) throws IOException {
    int tail = end.length - TAIL;
    int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(tail);
    int start = tail - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(end, start, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        List<Encoding> encodings = new ArrayList<>(column.getMeta_data().getEncodings());
        encodings.sort(Comparator.comparingInt(Encoding::getValue));
        column.getMeta_data().setEncodings(encodings);
      }
    }
    ByteArrayOutputStream ordered = new ByteArrayOutputStream(end.length);
    ordered.write(end, 0, start);
    Util.writeFileMetaData(footer, ordered);
    if (ordered.size() != tail) {
      throw new IOException(
          "Parquet's footer has %d bytes when it is written again, not %d"
              .formatted(ordered.size() - start, length));
    }
    ordered.write(end, tail, TAIL);
    return ordered.toByteArray();
  }
}
