package org.latte4j.data.encode;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Remembers which files of an unfinished data set are whole, so that a job that was interrupted
 * goes on where it stopped: a hidden record beside each file, written after it.
 *
 * <p>Records carry the job's identity; those of another job are not believed.
 */
public final class FinishedShards {
  private static final String PREFIX = ".encoded-";

  private final Path folder;
  private final String job;
  private final FileSystem fileSystem;

  /**
   * The records in a folder.
   *
   * @param job identifies input, settings and autoencoder
   */
  public FinishedShards(Path folder, String job, Configuration hadoop) throws IOException {
    this.folder = folder;
    this.job = job;
    this.fileSystem = folder.getFileSystem(hadoop);
  }

  /** What became of a file in an earlier run of the same job, if it is still there. */
  public Optional<EncodedShard> find(String name) throws IOException {
    String json;
    try (InputStream in = fileSystem.open(record(name))) {
      json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    Entry entry;
    try {
      entry = EncodeJson.read(json, Entry.class);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // cut short when the job was killed: encode the file again
    }
    boolean believed = entry.job().equals(job) && isWhole(entry.shard());
    return believed ? Optional.of(entry.shard()) : Optional.empty();
  }

  /** Remembers a file that has just been committed. */
  public void add(EncodedShard shard) throws IOException {
    String json = EncodeJson.write(new Entry(job, shard));
    try (OutputStream out = fileSystem.create(record(shard.file().name()), true)) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Whether a file of this name is a record, or its checksum file on Hadoop's local system. */
  public static boolean isRecord(String name) {
    return name.startsWith(PREFIX) || name.startsWith("." + PREFIX);
  }

  private boolean isWhole(EncodedShard shard) throws IOException {
    try {
      FileStatus status = fileSystem.getFileStatus(new Path(folder, shard.file().name()));
      return status.getLen() == shard.file().bytes();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  private Path record(String name) {
    return new Path(folder, PREFIX + name + ".json");
  }

  private record Entry(String job, EncodedShard shard) {}
}
