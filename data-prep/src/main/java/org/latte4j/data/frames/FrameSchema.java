package org.latte4j.data.frames;

import static org.latte4j.data.storage.ParquetColumns.checksum;
import static org.latte4j.data.storage.ParquetColumns.column;
import static org.latte4j.data.storage.ParquetColumns.text;

import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.latte4j.data.shard.ShardFormatException;
import org.latte4j.data.shard.ValueBuffer;
import org.latte4j.data.video.RgbImage;

/**
 * The columns of a file of frames, all required; plain {@code spark.read.parquet} and pyarrow read
 * them.
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>{@code source}</td><td>string</td><td>path of the video below the input folder</td></tr>
 * <tr><td>{@code split}</td><td>string</td><td>part of the data set, such as train</td></tr>
 * <tr><td>{@code frame}</td><td>int</td><td>index in the video</td></tr>
 * <tr><td>{@code size}</td><td>int</td><td>S: height and width in pixels</td></tr>
 * <tr><td>{@code pixels}</td><td>binary</td><td>uint8 RGB [S, S, 3]; in NumPy
 *     {@code frombuffer(pixels, 'u1').reshape(size, size, 3)}</td></tr>
 * <tr><td>{@code checksum}</td><td>long</td><td>CRC32C of pixels, from 0 to 2^32 - 1</td></tr>
 * </table>
 */
final class FrameSchema {
  static final MessageType TYPE =
      Types.buildMessage()
          .addField(text("source"))
          .addField(text("split"))
          .addField(column(PrimitiveTypeName.INT32, "frame"))
          .addField(column(PrimitiveTypeName.INT32, "size"))
          .addField(column(PrimitiveTypeName.BINARY, "pixels"))
          .addField(column(PrimitiveTypeName.INT64, "checksum"))
          .named("frame");

  private FrameSchema() {}

  static Group toRow(String source, String split, int frame, RgbImage image, ValueBuffer pixels) {
    return new SimpleGroup(TYPE)
        .append("source", source)
        .append("split", split)
        .append("frame", frame)
        .append("size", image.width())
        .append("pixels", pixels.of(image.pixels()))
        .append("checksum", checksum(image.pixels()));
  }

  /**
   * @param where file and row, for messages
   * @throws ShardFormatException if the pixels do not match their checksum
   */
  static RgbImage fromRow(Group row, String where) throws ShardFormatException {
    byte[] pixels = row.getBinary("pixels", 0).getBytesUnsafe();
    long stored = row.getLong("checksum", 0);
    if (checksum(pixels) != stored) {
      throw new ShardFormatException(
          "%s: the pixels do not match their checksum (stored %08x, found %08x); the file was damaged"
                  .formatted(where, stored, checksum(pixels))
              + " after it was written: remove the folder of frames, and it is made again");
    }
    int size = row.getInteger("size", 0);
    return new RgbImage(size, size, pixels);
  }
}
