package org.latte4j.data.shard;

import static org.latte4j.data.storage.ParquetColumns.checksum;
import static org.latte4j.data.storage.ParquetColumns.column;
import static org.latte4j.data.storage.ParquetColumns.text;

import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.latte4j.model.diffusion.LatentShape;

/**
 * The columns of a shard, all required; plain {@code spark.read.parquet} and pyarrow read them.
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>{@code id}</td><td>string</td><td>source, '#', start and '-flipped' if so; unique</td></tr>
 * <tr><td>{@code source}</td><td>string</td><td>path of the video below the encoded folder</td></tr>
 * <tr><td>{@code label}</td><td>int</td><td>class, from 0; -1 for none</td></tr>
 * <tr><td>{@code class_name}</td><td>string</td><td>empty for none</td></tr>
 * <tr><td>{@code split}</td><td>string</td><td>part of the data set, such as train</td></tr>
 * <tr><td>{@code caption}</td><td>string</td><td>text that describes the video, empty for none</td></tr>
 * <tr><td>{@code start}</td><td>int</td><td>index of the first frame in the video</td></tr>
 * <tr><td>{@code frames}</td><td>int</td><td>T</td></tr>
 * <tr><td>{@code channels}</td><td>int</td><td>2C: C means, then C log variances</td></tr>
 * <tr><td>{@code height}, {@code width}</td><td>int</td><td>h, w in latent pixels</td></tr>
 * <tr><td>{@code scale}</td><td>double</td><td>factor on latents before diffusion</td></tr>
 * <tr><td>{@code fps}</td><td>double</td><td>frames per second of the video, 0 if unknown</td></tr>
 * <tr><td>{@code flipped}</td><td>boolean</td><td>mirrored left to right before encoding</td></tr>
 * <tr><td>{@code moments}</td><td>binary</td><td>fp16 little-endian [T, 2C, h, w], unscaled;
 *     in NumPy {@code frombuffer(moments, '<f2').reshape(frames, channels, height, width)}</td></tr>
 * <tr><td>{@code checksum}</td><td>long</td><td>CRC32C of moments, from 0 to 2^32 - 1</td></tr>
 * </table>
 *
 * <p>In data sets with text embeddings:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>{@code text_tokens}</td><td>int</td><td>L</td></tr>
 * <tr><td>{@code text_width}</td><td>int</td><td>D</td></tr>
 * <tr><td>{@code text_embedding}</td><td>binary</td><td>fp16 or fp32 little-endian [L, D]: 2 or 4
 *     bytes a value, by its length</td></tr>
 * </table>
 */
final class SegmentSchema {
  static final String TEXT_EMBEDDING = "text_embedding";
  private static final String TEXT_TOKENS = "text_tokens";
  private static final String TEXT_WIDTH = "text_width";

  private static final MessageType TYPE =
      Types.buildMessage()
          .addField(text("id"))
          .addField(text("source"))
          .addField(column(PrimitiveTypeName.INT32, "label"))
          .addField(text("class_name"))
          .addField(text("split"))
          .addField(text("caption"))
          .addField(column(PrimitiveTypeName.INT32, "start"))
          .addField(column(PrimitiveTypeName.INT32, "frames"))
          .addField(column(PrimitiveTypeName.INT32, "channels"))
          .addField(column(PrimitiveTypeName.INT32, "height"))
          .addField(column(PrimitiveTypeName.INT32, "width"))
          .addField(column(PrimitiveTypeName.DOUBLE, "scale"))
          .addField(column(PrimitiveTypeName.DOUBLE, "fps"))
          .addField(column(PrimitiveTypeName.BOOLEAN, "flipped"))
          .addField(column(PrimitiveTypeName.BINARY, "moments"))
          .addField(column(PrimitiveTypeName.INT64, "checksum"))
          .named("latent_segment");

  /** With the columns of text embeddings. */
  private static final MessageType WITH_TEXT =
      Types.buildMessage()
          .addFields(TYPE.getFields().toArray(new Type[0]))
          .addField(column(PrimitiveTypeName.INT32, TEXT_TOKENS))
          .addField(column(PrimitiveTypeName.INT32, TEXT_WIDTH))
          .addField(column(PrimitiveTypeName.BINARY, TEXT_EMBEDDING))
          .named("latent_segment");

  private SegmentSchema() {}

  /** The columns of a data set with such text embeddings. */
  static MessageType of(TextEncoding text) {
    return text.present() ? WITH_TEXT : TYPE;
  }

  static Group toRow(LatentSegment segment, TextEncoding text, Binary moments, Binary embedding) {
    VideoOrigin origin = segment.origin();
    LatentShape shape = segment.shape();
    SimpleGroup row = new SimpleGroup(of(text));
    row.append("id", segment.id())
        .append("source", origin.source())
        .append("label", origin.label())
        .append("class_name", origin.className())
        .append("split", origin.split())
        .append("caption", origin.caption())
        .append("start", segment.start())
        .append("frames", shape.frames())
        .append("channels", 2 * shape.channels())
        .append("height", shape.height())
        .append("width", shape.width())
        .append("scale", segment.scale())
        .append("fps", origin.framesPerSecond())
        .append("flipped", segment.flipped())
        .append("moments", moments)
        .append("checksum", checksum(segment.moments()));
    if (segment.text().length != text.byteLength()) {
      throw new IllegalArgumentException(
          "%s: a text embedding of %d bytes in a data set whose embeddings are %s"
              .formatted(segment.id(), segment.text().length, text));
    }
    if (text.present()) {
      row.append(TEXT_TOKENS, text.tokens())
          .append(TEXT_WIDTH, text.width())
          .append(TEXT_EMBEDDING, embedding);
    }
    return row;
  }

  /**
   * @param text what the data set's text embeddings are
   * @param where file and row, for messages
   * @throws ShardFormatException if the moments do not match their checksum or their sizes
   */
  static LatentSegment fromRow(Group row, TextEncoding text, String where)
      throws ShardFormatException {
    byte[] moments = row.getBinary("moments", 0).getBytesUnsafe();
    long stored = row.getLong("checksum", 0);
    if (checksum(moments) != stored) {
      throw new ShardFormatException(
          "%s: the moments do not match their checksum (stored %08x, found %08x); the file was"
                  .formatted(where, stored, checksum(moments))
              + " damaged after it was written: copy it again or encode the data set again");
    }
    VideoOrigin origin =
        new VideoOrigin(
            row.getString("source", 0),
            row.getInteger("label", 0),
            row.getString("class_name", 0),
            row.getString("split", 0),
            row.getString("caption", 0),
            row.getDouble("fps", 0));
    LatentShape shape =
        new LatentShape(
            row.getInteger("frames", 0),
            row.getInteger("channels", 0) / 2,
            row.getInteger("height", 0),
            row.getInteger("width", 0));
    return new LatentSegment(
        origin,
        row.getInteger("start", 0),
        row.getBoolean("flipped", 0),
        shape,
        row.getDouble("scale", 0),
        moments,
        text.present() ? row.getBinary(TEXT_EMBEDDING, 0).getBytesUnsafe() : new byte[0]);
  }
}
