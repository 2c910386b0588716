package org.latte4j.spark.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.Locale;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.storage.HadoopChannel;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.model.weights.WeightFolder;

/** Reads and writes the files of one checkpoint, counting and summing bytes on the way. */
final class CheckpointFolder implements WeightFolder {
  /** Holds files that are being written, where they are renamed when they are whole. */
  static final String UNFINISHED = "_unfinished";

  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final FileSystem fileSystem;

  CheckpointFolder(Path folder, Configuration hadoop) throws IOException {
    this.folder = folder;
    this.fileSystem = folder.getFileSystem(hadoop);
  }

  @Override
  public String description() {
    return folder.toString();
  }

  /**
   * Writes a file, which appears whole or not at all.
   *
   * @param attempt tells apart the temporary names of tasks that write the same file
   */
  StoredFile write(String name, String attempt, WholeFile.Content content) throws IOException {
    Path unfinished = new Path(new Path(folder, UNFINISHED), name + "." + attempt);
    CRC32C sum = new CRC32C();
    try (WholeFile file = WholeFile.create(fileSystem, new Path(folder, name), unfinished)) {
      CountingOutput out = new CountingOutput(file.stream());
      content.writeTo(new CheckedOutputStream(out, sum));
      file.commit();
      return new StoredFile(name, out.count, hexadecimal(sum));
    } catch (FSError e) {
      // How Hadoop's local file system says that the disk is full.
      throw new IOException("%s: %s".formatted(unfinished, innermost(e)), e);
    }
  }

  /** Opens a file for reading from its beginning. */
  InputStream stream(String name) throws IOException {
    return fileSystem.open(new Path(folder, name), BUFFER);
  }

  @Override
  public SeekableByteChannel open(String name) throws IOException {
    Path file = new Path(folder, name);
    return new HadoopChannel(
        fileSystem.open(file, BUFFER), fileSystem.getFileStatus(file).getLen());
  }

  boolean exists(String name) throws IOException {
    return fileSystem.exists(new Path(folder, name));
  }

  /**
   * Compares a file's length.
   *
   * @throws CheckpointException if it is missing or has another length
   */
  void verifyLength(StoredFile file) throws IOException {
    long bytes;
    try {
      bytes = fileSystem.getFileStatus(new Path(folder, file.name())).getLen();
    } catch (FileNotFoundException e) {
      throw new CheckpointException(
          "checkpoint %s is damaged: %s is missing; copy the folder again or use an older checkpoint"
              .formatted(folder, file.name()),
          e);
    }
    if (bytes != file.bytes()) {
      throw new CheckpointException(
          "checkpoint %s is damaged: %s has %d bytes, %d were written (cut short or overwritten);"
                  .formatted(folder, file.name(), bytes, file.bytes())
              + " copy the folder again or use an older checkpoint");
    }
  }

  /**
   * Reads a file and compares its length and checksum.
   *
   * @throws CheckpointException if one of them differs
   */
  void verifyContent(StoredFile file) throws IOException {
    verifyLength(file);
    CRC32C sum = new CRC32C();
    try (InputStream in = new CheckedInputStream(stream(file.name()), sum)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (ChecksumException e) {
      throw new CheckpointException(
          "checkpoint %s is damaged: %s differs from Hadoop's checksum of it (%s); copy the folder"
                  .formatted(folder, file.name(), e.getMessage())
              + " again or use an older checkpoint",
          e);
    }
    if (!hexadecimal(sum).equals(file.crc32c())) {
      throw new CheckpointException(
          "checkpoint %s is damaged: the CRC-32C of %s is %s, %s was written (changed on disk or in a"
                  .formatted(folder, file.name(), hexadecimal(sum), file.crc32c())
              + " copy); copy the folder again or use an older checkpoint");
    }
  }

  void delete(String name) throws IOException {
    fileSystem.delete(new Path(folder, name), true);
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static String hexadecimal(CRC32C sum) {
    return String.format(Locale.ROOT, "%08x", sum.getValue());
  }

  private static final class CountingOutput extends OutputStream {
    private final OutputStream out;
    private long count;

    CountingOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      count += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
