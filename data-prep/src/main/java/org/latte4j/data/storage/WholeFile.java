package org.latte4j.data.storage;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that appears whole, when it is committed, or not at all.
 *
 * <p>On HDFS and local disks it is written under a temporary name and renamed. On an object store
 * renaming would copy it, and is not atomic; but there a file appears only when its stream is
 * closed, so it is written under its own name, and a stream without a commit is aborted. Which of
 * the two is done follows from what the file system says it can do (S3A can abort streams).
 *
 * <p>Writers of the same file must write the same bytes: the last one to commit stays. A file that
 * is to be new ({@link #createNew}) is refused where there is one. Not thread-safe.
 */
public final class WholeFile implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final FileSystem fileSystem;
  private final Path target;
  private final Path written;
  private final Existing existing;
  private final FSDataOutputStream out;
  private boolean committed;
  private boolean ended;

  /** What becomes of a file that has the name already. */
  private enum Existing {
    REPLACE,
    REFUSE
  }

  private WholeFile(FileSystem fileSystem, Path target, Path temporary, Existing existing)
      throws IOException {
    boolean abortable =
        fileSystem.hasPathCapability(target, CommonPathCapabilities.ABORTABLE_STREAM);
    this.fileSystem = fileSystem;
    this.target = target;
    this.written = abortable ? target : temporary;
    this.existing = existing;
    requireFree();
    this.out = fileSystem.create(written, true, BUFFER);
  }

  /** What goes into a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Starts a file.
   *
   * @param target its path; an earlier file there is replaced by the commit
   * @param temporary where it is written if it has to be renamed: a path of this writer's own
   */
  public static WholeFile create(FileSystem fileSystem, Path target, Path temporary)
      throws IOException {
    return new WholeFile(fileSystem, target, temporary, Existing.REPLACE);
  }

  /**
   * Starts a file that is not there yet; parameters as those of {@link #create}.
   *
   * <p>This notices writers that come one after the other. Of two that write at the same time, HDFS
   * refuses the second to commit; elsewhere it stays.
   *
   * @throws FileAlreadyExistsException if it is, now or at the commit
   */
  public static WholeFile createNew(FileSystem fileSystem, Path target, Path temporary)
      throws IOException {
    return new WholeFile(fileSystem, target, temporary, Existing.REFUSE);
  }

  /** Writes a file and commits it; parameters as those of {@link #create}. */
  public static void write(FileSystem fileSystem, Path target, Path temporary, Content content)
      throws IOException {
    try (WholeFile file = create(fileSystem, target, temporary)) {
      content.writeTo(file.stream());
      file.commit();
    }
  }

  /** Writes a file and commits it; parameters and errors as those of {@link #createNew}. */
  public static void writeNew(FileSystem fileSystem, Path target, Path temporary, Content content)
      throws IOException {
    try (WholeFile file = createNew(fileSystem, target, temporary)) {
      content.writeTo(file.stream());
      file.commit();
    }
  }

  /** Where its content goes. Closing the stream flushes it and does nothing more. */
  public OutputStream stream() {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        if (!ended) {
          flush();
        }
      }
    };
  }

  /**
   * Makes the file appear, in place of an earlier one unless it is to be new.
   *
   * @throws IOException if it cannot be written or named; then it does not appear
   */
  public void commit() throws IOException {
    requireFree();
    ended = true;
    out.close();
    if (!written.equals(target)) {
      if (existing == Existing.REPLACE) {
        fileSystem.delete(target, false); // HDFS renames to free names only.
      }
      if (!fileSystem.rename(written, target)) {
        throw new IOException(
            "%s could not be renamed to %s: is the folder writable, and does no other job write to it?"
                .formatted(written, target.getName()));
      }
    }
    committed = true;
  }

  private void requireFree() throws IOException {
    if (existing == Existing.REFUSE && fileSystem.exists(target)) {
      throw new FileAlreadyExistsException(target + " is there already");
    }
  }

  /** Ends the writing; without a commit before it, nothing is left behind. */
  @Override
  public void close() throws IOException {
    if (!ended) {
      ended = true;
      if (written.equals(target)) {
        out.abort();
      }
      out.close();
    }
    if (!committed && !written.equals(target)) {
      fileSystem.delete(written, false);
    }
  }
}
