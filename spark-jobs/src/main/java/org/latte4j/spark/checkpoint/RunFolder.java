package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The checkpoints below a training run's folder, whole ones and those whose writing was cut off.
 *
 * <p>Removes nothing but folders named {@code checkpoint-STEP} that hold only files named as those
 * of checkpoints are. Used by one thread of one job at a time.
 */
public final class RunFolder {
  private static final Pattern FOLDER = Pattern.compile("checkpoint-(\\d{1,18})");

  private static final Pattern FILE =
      Pattern.compile(
          "_SUCCESS|_unfinished|state\\.json|model\\.json|start\\.json"
              + "|[a-z0-9-]+-\\d{5}-of-\\d{5}\\.safetensors|[a-z0-9-]+\\.safetensors\\.index\\.json"
              // Hadoop's own checksums beside files of local folders.
              + "|\\..+\\.crc");

  private final Path run;
  private final Configuration hadoop;
  private final FileSystem fileSystem;

  /** The folder of a run; it need not be there. */
  public RunFolder(Path run, Configuration hadoop) throws IOException {
    this.run = run;
    this.hadoop = hadoop;
    this.fileSystem = run.getFileSystem(hadoop);
  }

  /** The folder of a step's checkpoint. */
  static Path checkpoint(Path run, long step) {
    return new Path(run, "checkpoint-" + step);
  }

  static boolean namedAsCheckpoint(Path path) {
    return FOLDER.matcher(path.getName()).matches();
  }

  /** Folders of whole checkpoints, newest first. */
  public List<Path> whole() throws IOException {
    return list(true);
  }

  /** Folders named as checkpoints that lack the success marker, newest first. */
  public List<Path> unfinished() throws IOException {
    return list(false);
  }

  /**
   * The newest whole checkpoint, if the run has come that far.
   *
   * @throws CheckpointException if it is damaged, naming the one before it
   */
  public Optional<Checkpoint> newest() throws IOException {
    List<Path> whole = whole();
    return whole.isEmpty() ? Optional.empty() : Optional.of(Checkpoint.open(whole.get(0), hadoop));
  }

  /**
   * Removes what writers or removals that were cut off have left. Folders that hold anything else
   * stay.
   *
   * @return the folders removed
   */
  public List<Path> removeUnfinished() throws IOException {
    List<Path> removed = new ArrayList<>();
    for (Path path : unfinished()) {
      if (holdsOnlyOurs(path)) {
        delete(path);
        removed.add(path);
      }
    }
    return removed;
  }

  /**
   * Removes whole checkpoints but for the newest ones and every so-many-th of the run.
   *
   * @param keepLast newest ones to keep, at least 1
   * @param keepEvery those are kept whose {@link CheckpointState#number} it divides; 0: none
   * @return the folders removed
   */
  public List<Path> removeOld(int keepLast, int keepEvery) throws IOException {
    if (keepLast < 1) {
      throw new IllegalArgumentException("at least 1 checkpoint is kept, not " + keepLast);
    }
    List<Path> removed = new ArrayList<>();
    for (Path path : whole().stream().skip(keepLast).toList()) {
      if (!keptForGood(path, keepEvery) && holdsOnlyOurs(path)) {
        // Without the marker it is no checkpoint any more, however far the removal comes.
        delete(new Path(path, CheckpointJson.SUCCESS));
        delete(path);
        removed.add(path);
      }
    }
    return removed;
  }

  private boolean keptForGood(Path path, int keepEvery) throws IOException {
    if (keepEvery == 0) {
      return false;
    }
    CheckpointFolder folder = new CheckpointFolder(path, hadoop);
    return CheckpointJson.readState(folder).number() % keepEvery == 0;
  }

  /** Whether a folder holds nothing but what checkpoints consist of. */
  boolean holdsOnlyOurs(Path path) throws IOException {
    for (FileStatus status : fileSystem.listStatus(path)) {
      if (!FILE.matcher(status.getPath().getName()).matches()) {
        return false;
      }
    }
    return true;
  }

  private List<Path> list(boolean whole) throws IOException {
    List<Path> paths = new ArrayList<>();
    if (fileSystem.exists(run)) {
      for (FileStatus status : fileSystem.listStatus(run)) {
        Path path = status.getPath();
        if (status.isDirectory()
            && namedAsCheckpoint(path)
            && fileSystem.exists(new Path(path, CheckpointJson.SUCCESS)) == whole) {
          paths.add(path);
        }
      }
    }
    paths.sort(Comparator.comparingLong(RunFolder::step).reversed());
    return paths;
  }

  private static long step(Path path) {
    Matcher name = FOLDER.matcher(path.getName());
    if (!name.matches()) {
      throw new IllegalArgumentException(path + " is not named as a checkpoint");
    }
    return Long.parseLong(name.group(1));
  }

  private void delete(Path path) throws IOException {
    if (!fileSystem.delete(path, true) && fileSystem.exists(path)) {
      throw new IOException(
          "%s could not be removed: may this user delete it, and does nobody else hold it?"
              .formatted(path));
    }
  }
}
