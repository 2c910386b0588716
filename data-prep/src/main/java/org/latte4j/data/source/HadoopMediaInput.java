package org.latte4j.data.source;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.video.MediaInput;

/**
 * A file of a Hadoop file system. Reads on from where it stands and seeks only to jump: on object
 * stores every seek may cost a request.
 */
final class HadoopMediaInput implements MediaInput {
  private final Path path;
  private final long size;
  private final FSDataInputStream stream;

  HadoopMediaInput(Path path, long size, FSDataInputStream stream) {
    this.path = path;
    this.size = size;
    this.stream = stream;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(long position, byte[] buffer, int offset, int length) throws IOException {
    if (position >= size) {
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
