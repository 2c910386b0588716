package org.latte4j.data.source;

import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FutureDataInputStreamBuilder;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.functional.FutureIO;
import org.latte4j.data.video.MediaInput;

/**
 * One file of a video: the video itself, or one of its frames.
 *
 * @param name what messages call it: the video's id, or a frame's name in its folder
 * @param location full address on a Hadoop file system
 * @param bytes its length
 */
public record SourceFile(String name, String location, long bytes) implements Serializable {
  /** Which file systems understand it, and from which version of Hadoop on, differs. */
  private static final String READ_POLICY = "fs.option.openfile.read.policy";

  private static final String S3A_READ_POLICY = "fs.s3a.experimental.input.fadvise";

  /**
   * Videos are read from one end to the other with few jumps. S3A's own guess after the first jump
   * back, as to the index of an MP4 file, is a request for every 64 KiB.
   */
  private static final String SEQUENTIAL = "sequential";

  /**
   * Opens the file; the caller (or the decoder it is given to) closes it.
   *
   * @throws java.io.FileNotFoundException if it has gone since it was listed
   */
  public MediaInput open(Configuration configuration) throws IOException {
    Path path = new Path(location);
    FutureDataInputStreamBuilder builder =
        path.getFileSystem(configuration).openFile(path).opt(READ_POLICY, SEQUENTIAL);
    return new HadoopInput(
        this, FutureIO.awaitFuture(builder.opt(S3A_READ_POLICY, SEQUENTIAL).build()));
  }

  /**
   * Reads on from where it stands and seeks only to jump: on object stores every seek may cost a
   * request.
   */
  private record HadoopInput(SourceFile file, FSDataInputStream stream) implements MediaInput {
    @Override
    public String name() {
      return file.name();
    }

    @Override
    public long size() {
      return file.bytes();
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) throws IOException {
      if (position >= file.bytes()) {
        return -1;
      }
      if (position != stream.getPos()) {
        stream.seek(position);
      }
      return stream.read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
