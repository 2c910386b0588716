package org.latte4j.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.latte4j.data.storage.WholeFile;

/**
 * Writes one shard file, which appears with {@link #commit}. Closing without a commit leaves
 * nothing behind. The same segments give the same bytes.
 *
 * <p>Not thread-safe.
 */
public final class ShardWriter implements Closeable {
  /**
   * Row groups are what {@link ShardReader} reads at a time, so they are small: a row larger than
   * this has one of its own.
   */
  private static final int ROW_GROUP_BYTES = 1 << 20;

  private static final int PAGE_BYTES = ROW_GROUP_BYTES;

  private static final Pattern NAME =
      Pattern.compile("part-(?:g(\\d{4,})-)?\\d{5,}-of-\\d{5,}(?:-whole)?\\.parquet");

  private static final String TEMPORARY_PREFIX = ".writing-";

  private final Path target;
  private final WholeFile file;
  private final TextEncoding text;
  private final DigestedOutput output;
  private final ParquetWriter<Group> parquet;
  private final ValueBuffer moments = new ValueBuffer();
  private final ValueBuffer texts = new ValueBuffer();
  private int rows;
  private boolean closed;

  private ShardWriter(FileSystem fileSystem, Path target, WholeFile file, TextEncoding text)
      throws IOException {
    this.target = target;
    this.text = text;
    this.file = file;
    this.output = new DigestedOutput(file.stream(), target.toString());
    this.parquet =
        ExampleParquetWriter.builder(output)
            .withType(SegmentSchema.of(text))
            .withConf(fileSystem.getConf())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize((long) ROW_GROUP_BYTES)
            .withPageSize(PAGE_BYTES)
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1)
            .withDictionaryEncoding("moments", false)
            .withDictionaryEncoding("id", false)
            .withDictionaryEncoding(SegmentSchema.TEXT_EMBEDDING, false)
            .withPageWriteChecksumEnabled(true)
            .build();
  }

  /**
   * Starts a file.
   *
   * @param folder of the shards
   * @param name the file's, as {@link #fileName} gives it
   * @param attempt distinguishes writers that race for the same file: a Spark task attempt's id
   */
  public static ShardWriter create(Path folder, String name, long attempt, Configuration hadoop)
      throws IOException {
    return create(folder, name, attempt, TextEncoding.NONE, hadoop);
  }

  /**
   * As above, for a data set with text embeddings.
   *
   * @param text what they are
   */
  public static ShardWriter create(
      Path folder, String name, long attempt, TextEncoding text, Configuration hadoop)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    Path temporary = new Path(folder, TEMPORARY_PREFIX + attempt + "-" + name);
    Path target = new Path(folder, name);
    WholeFile file = WholeFile.create(fileSystem, target, temporary);
    try {
      return new ShardWriter(fileSystem, target, file, text);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * {@code part-00002-of-00017.parquet} for index 2 of 17; {@code
   * part-g0001-00002-of-00017.parquet} for files that were added later.
   *
   * @param generation 0 for the files of a new data set
   */
  public static String fileName(int generation, int index, int count) {
    String added = generation == 0 ? "" : "g%04d-".formatted(generation);
    return "part-%s%05d-of-%05d.parquet".formatted(added, index, count);
  }

  /**
   * The name of a file that takes the place of a part's when its video is not divided after all.
   */
  public static String undivided(String fileName) {
    return fileName.replace(".parquet", "-whole.parquet");
  }

  /** The generation in a file's name; empty if it is none of {@link #fileName}'s. */
  public static OptionalInt generation(String fileName) {
    Matcher matcher = NAME.matcher(fileName);
    if (!matcher.matches()) {
      return OptionalInt.empty();
    }
    String added = matcher.group(1);
    return OptionalInt.of(added == null ? 0 : Integer.parseInt(added));
  }

  /** Whether a file of this name may be left by a writer that was killed. */
  public static boolean isTemporary(String name) {
    // Hadoop's local file system puts a checksum file ".NAME.crc" beside each file.
    return name.startsWith(TEMPORARY_PREFIX) || name.startsWith("." + TEMPORARY_PREFIX);
  }

  /** Appends a row. */
  public void write(LatentSegment segment) throws IOException {
    Binary momentValue = value(segment.moments(), moments);
    Binary textValue = value(segment.text(), texts);
    parquet.write(SegmentSchema.toRow(segment, text, momentValue, textValue));
    rows++;
  }

  /** A value that fills a page has one of its own, which is written with its row. */
  private static Binary value(byte[] value, ValueBuffer buffer) {
    return value.length < PAGE_BYTES ? Binary.fromConstantByteArray(value) : buffer.of(value);
  }

  /** Ends the file and gives it its name, in place of an earlier file of that name. */
  public StoredFile commit() throws IOException {
    closed = true;
    output.holdBack();
    parquet.close();
    output.release();
    file.commit();
    return new StoredFile(target.getName(), output.length(), output.takeSha256(), rows);
  }

  @Override
  public void close() throws IOException {
    try {
      if (!closed) {
        closed = true;
        parquet.close();
      }
    } finally {
      file.close();
    }
  }
}
