package org.latte4j.data.source;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.VideoOrigin;
import org.latte4j.data.video.MediaInput;

/**
 * A video file of a data set, on any Hadoop file system.
 *
 * @param id path below the data set's root, with '/' between names; unique
 * @param location the file's full address, such as {@code file:/videos/a.avi} or {@code
 *     s3a://bucket/a.avi}
 * @param label index of the class, or {@link VideoOrigin#UNLABELLED}
 * @param className name of the class, empty if unlabelled
 * @param split the part of the data set it belongs to, such as {@code train}
 * @param bytes length of the file
 * @param modified when the file was last changed, in milliseconds since 1970, as its file system
 *     says
 */
public record SourceVideo(
    String id,
    String location,
    int label,
    String className,
    String split,
    long bytes,
    long modified)
    implements Serializable {

  /** Whether it has a class. */
  public boolean labelled() {
    return label != VideoOrigin.UNLABELLED;
  }

  /**
   * Opens the file for decoding; the caller (or the decoder it is given to) closes it.
   *
   * @throws java.io.FileNotFoundException if it has gone since it was listed
   */
  public MediaInput open(Configuration configuration) throws IOException {
    Path path = new Path(location);
    return new HadoopMediaInput(path, bytes, path.getFileSystem(configuration).open(path));
  }
}
