package org.latte4j.spark.tensorboard;

import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A run's TensorBoard event files in a folder of any Hadoop file system. Every session of the run
 * begins a file of its own.
 *
 * <p>Where a file can be read while it is being written (local disks, HDFS), one file is written
 * and {@link #flush} shows what was added. Object stores show a file only when it is closed: there,
 * flushing closes the file once it is {@link #ROLL_AFTER} old and begins another.
 *
 * <p>Not thread-safe.
 */
public final class EventFiles implements Closeable {
  /** Age at which a file that nobody can read yet is closed. */
  static final Duration ROLL_AFTER = Duration.ofMinutes(5);

  /** Keeps names apart that are made in the same second. */
  private static final AtomicInteger FILES = new AtomicInteger();

  private final Path folder;
  private final FileSystem fileSystem;
  private final Clock clock;
  private final String writer;
  private Instant opened = Instant.EPOCH;
  private FSDataOutputStream out;

  EventFiles(Path folder, FileSystem fileSystem, Clock clock) throws IOException {
    this.folder = folder;
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.writer = "latte-" + ProcessHandle.current().pid();
    fileSystem.mkdirs(folder);
    open();
  }

  /** Begins a file in the folder, which is made if it is missing. */
  public static EventFiles in(Path folder, Configuration hadoop) throws IOException {
    return new EventFiles(folder, unchecked(folder.getFileSystem(hadoop)), Clock.systemUTC());
  }

  /**
   * TensorBoard opens every file whose name holds "tfevents", and so also the checksums that
   * Hadoop's local file system would lay beside them: {@code .events.out.tfevents....crc}.
   */
  private static FileSystem unchecked(FileSystem fileSystem) {
    return fileSystem instanceof ChecksumFileSystem checked
        ? checked.getRawFileSystem()
        : fileSystem;
  }

  /**
   * Says that a session goes on from a step: TensorBoard forgets what an earlier session wrote of
   * this step and later ones.
   */
  public void continueFrom(long step) throws IOException {
    write(Events.sessionStart(now(), step));
  }

  /**
   * Adds values.
   *
   * @param step of the optimiser
   * @param values by tag, such as {@code train/loss}; what stands before the slash is a group
   */
  public void scalars(long step, Map<String, Double> values) throws IOException {
    write(Events.scalars(now(), step, values));
  }

  /** Adds an RGB picture. */
  public void image(long step, String tag, BufferedImage picture) throws IOException {
    write(Events.image(now(), step, tag, picture));
  }

  /** Adds a text that is shown as Markdown. */
  public void text(long step, String tag, String markdown) throws IOException {
    write(Events.text(now(), step, tag, markdown));
  }

  /** Lets readers see what was added, as far as the file system can. */
  public void flush() throws IOException {
    if (out.hasCapability(StreamCapabilities.HFLUSH)) {
      out.hflush();
    } else if (!clock.instant().isBefore(opened.plus(ROLL_AFTER))) {
      out.close();
      open();
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void open() throws IOException {
    opened = clock.instant();
    // TensorBoard reads the files of a folder in the order of their names.
    String name =
        String.format(
            Locale.ROOT,
            "events.out.tfevents.%010d.%s.%06d",
            opened.getEpochSecond(),
            writer,
            FILES.getAndIncrement());
    out = fileSystem.create(new Path(folder, name), false);
    write(Events.fileVersion(now()));
  }

  private void write(byte[] event) throws IOException {
    out.write(TfRecord.frame(event));
  }

  private double now() {
    return clock.millis() / 1000.0;
  }
}
