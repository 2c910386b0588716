package org.latte4j.data.video;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a media file, wherever they are kept. Containers keep their index at either end, so
 * reading must be possible at any position.
 *
 * <p>Used by one thread at a time.
 */
public interface MediaInput extends Closeable {
  /** What messages call it: a path or an address. */
  String name();

  /** Length in bytes. */
  long size();

  /**
   * Reads at least one byte.
   *
   * @param position where to start, from 0; may lie at or past the end
   * @return how many bytes were read, or -1 at the end
   */
  int read(long position, byte[] buffer, int offset, int length) throws IOException;

  /**
   * A local file.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  static MediaInput of(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      long size = channel.size();
      return new MediaInput() {
        @Override
        public String name() {
          return file.toString();
        }

        @Override
        public long size() {
          return size;
        }

        @Override
        public int read(long position, byte[] buffer, int offset, int length) throws IOException {
          return channel.read(ByteBuffer.wrap(buffer, offset, length), position);
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
