package org.latte4j.data.frames;

import java.io.Closeable;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.latte4j.data.shard.DigestedOutput;
import org.latte4j.data.shard.ValueBuffer;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.data.video.RgbImage;

/**
 * Writes one file of frames, which appears with {@link #commit}. Closing without a commit leaves
 * nothing behind. The same frames give the same bytes. Not thread-safe.
 */
final class FrameFileWriter implements Closeable {
  /** Row groups are what {@link FrameReader} reads at a time, so they are small. */
  private static final int ROW_GROUP_BYTES = 1 << 18;

  private static final String TEMPORARY_PREFIX = ".writing-";

  private final WholeFile file;
  private final DigestedOutput output;
  private final ParquetWriter<Group> parquet;
  private final ValueBuffer pixels = new ValueBuffer();
  private boolean closed;

  private FrameFileWriter(Path target, WholeFile file, Configuration hadoop) throws IOException {
    this.file = file;
    this.output = new DigestedOutput(file.stream(), target.toString());
    this.parquet =
        ExampleParquetWriter.builder(output)
            .withType(FrameSchema.TYPE)
            .withConf(hadoop)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize((long) ROW_GROUP_BYTES)
            .withPageSize(ROW_GROUP_BYTES)
            .withPageRowCountLimit(1)
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1)
            .withDictionaryEncoding("pixels", false)
            .withPageWriteChecksumEnabled(true)
            .build();
  }

  /**
   * Starts a file.
   *
   * @param attempt distinguishes writers that race for the same file: a Spark task attempt's id
   */
  static FrameFileWriter create(Path folder, String name, long attempt, Configuration hadoop)
      throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    Path target = new Path(folder, name);
    Path temporary = new Path(folder, TEMPORARY_PREFIX + attempt + "-" + name);
    WholeFile file = WholeFile.create(fileSystem, target, temporary);
    try {
      return new FrameFileWriter(target, file, hadoop);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  void write(String source, String split, int frame, RgbImage image) throws IOException {
    parquet.write(FrameSchema.toRow(source, split, frame, image, pixels));
  }

  /** Ends the file and gives it its name, in place of an earlier file of that name. */
  void commit() throws IOException {
    closed = true;
    output.holdBack();
    parquet.close();
    output.release();
    file.commit();
  }

  /** Bytes of the committed file. */
  long bytes() {
    return output.length();
  }

  /** Of the committed file, in hexadecimal; to be taken once. */
  String takeSha256() {
    return output.takeSha256();
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
