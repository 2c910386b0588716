package org.latte4j.data.shard;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A finished folder of latent shards, on any Hadoop file system.
 *
 * <p>Immutable and thread-safe.
 */
public final class LatentShards {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path folder;
  private final Configuration hadoop;
  private final Manifest manifest;

  private LatentShards(Path folder, Configuration hadoop, Manifest manifest) {
    this.folder = folder;
    this.hadoop = hadoop;
    this.manifest = manifest;
  }

  /**
   * Opens a folder by its manifest; shard files are not looked at yet.
   *
   * @throws ShardFormatException if there is no manifest, or it is damaged or too new
   */
  public static LatentShards open(Path folder, Configuration hadoop) throws IOException {
    return new LatentShards(folder, hadoop, ManifestFile.read(folder, hadoop));
  }

  /** A folder whose manifest is known already, as in a task to which the driver sent it. */
  public static LatentShards of(Path folder, Configuration hadoop, Manifest manifest) {
    return new LatentShards(folder, hadoop, manifest);
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** What it holds. */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * A reader of single rows.
   *
   * @param cacheBytes of decoded rows that it may keep; at least one row group is kept
   */
  public ShardReader reader(long cacheBytes) {
    return new ShardReader(this, cacheBytes);
  }

  /** Takes segments as they are read. */
  @FunctionalInterface
  public interface SegmentVisitor {
    void visit(LatentSegment segment) throws IOException;
  }

  /**
   * Reads every row, in the order of the manifest; one row group is held at a time.
   *
   * @throws ShardFormatException if a file is missing, truncated or damaged
   */
  public void forEach(SegmentVisitor visitor) throws IOException {
    try (ShardReader reader = reader(0)) {
      for (int file = 0; file < manifest.files().size(); file++) {
        for (int row = 0; row < manifest.files().get(file).rows(); row++) {
          visitor.visit(reader.segment(file, row));
        }
      }
    }
  }

  /**
   * Checks that every file is there with the length in the manifest: a cheap look at the start of a
   * job.
   *
   * @throws ShardFormatException naming the first file that is missing or has another length
   */
  public void verifyLengths() throws IOException {
    for (ShardFile file : manifest.files()) {
      verifyLength(file);
    }
  }

  /**
   * Checks every file's length and SHA-256, reading all of them.
   *
   * @throws ShardFormatException naming the first file that does not match the manifest
   */
  public void verifyContents() throws IOException {
    for (ShardFile file : manifest.files()) {
      verifyContent(file);
    }
  }

  /** Names of the files that are missing or have another length than in the manifest. */
  public Set<String> misfitFiles() throws IOException {
    return failing(this::verifyLength);
  }

  /** Names of the files that are missing or whose SHA-256 is not the manifest's; reads all. */
  public Set<String> damagedFiles() throws IOException {
    return failing(this::verifyContent);
  }

  private Set<String> failing(Check check) throws IOException {
    Set<String> names = new TreeSet<>();
    for (ShardFile file : manifest.files()) {
      try {
        check.verify(file);
      } catch (ShardFormatException e) {
        names.add(file.name());
      }
    }
    return names;
  }

  /** A check that throws {@link ShardFormatException} if a file does not pass. */
  private interface Check {
    void verify(ShardFile file) throws IOException;
  }

  private void verifyContent(ShardFile file) throws IOException {
    verifyLength(file);
    String found = sha256(file);
    if (!found.equals(file.sha256())) {
      throw new ShardFormatException(
          "%s has the SHA-256 %s, and the manifest says %s: it was damaged or replaced after it"
                  .formatted(path(file), found, file.sha256())
              + " was written. Copy it again, or run encode with --set encode.verify=checksums on"
              + " this folder, which encodes damaged files again and leaves the others alone");
    }
  }

  Path path(ShardFile file) {
    return new Path(folder, file.name());
  }

  Configuration hadoop() {
    return hadoop;
  }

  FileStatus verifyLength(ShardFile file) throws IOException {
    Path path = path(file);
    FileStatus status;
    try {
      status = path.getFileSystem(hadoop).getFileStatus(path);
    } catch (FileNotFoundException e) {
      throw new ShardFormatException(
          "%s is missing, and %s names it: the folder was copied in part or files were deleted."
                  .formatted(path, ManifestFile.NAME)
              + " Copy the file again or encode the data set again",
          e);
    }
    if (status.getLen() != file.bytes()) {
      throw new ShardFormatException(
          "%s has %d bytes, and the manifest says %d: a %s shard. Copy it again or encode the data"
                  .formatted(
                      path,
                      status.getLen(),
                      file.bytes(),
                      status.getLen() < file.bytes() ? "truncated" : "replaced")
              + " set again");
    }
    return status;
  }

  private String sha256(ShardFile file) throws IOException {
    Path path = path(file);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    MessageDigest digest = DigestedOutput.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = fileSystem.open(path)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    } catch (ChecksumException e) {
      throw new ShardFormatException(
          path + " is damaged (" + e.getMessage() + "): copy it again or encode the data set again",
          e);
    }
    return DigestedOutput.hexadecimal(digest);
  }
}
