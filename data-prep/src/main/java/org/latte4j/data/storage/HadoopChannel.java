package org.latte4j.data.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;

/** A file of a Hadoop file system as a channel, for reading. Closing it closes the stream. */
public final class HadoopChannel implements SeekableByteChannel {
  private static final int PIECE = 1 << 16;

  private final FSDataInputStream in;
  private final long size;
  private boolean open = true;

  /**
   * A channel over an open file.
   *
   * @param size of the file in bytes
   */
  public HadoopChannel(FSDataInputStream in, long size) {
    this.in = in;
    this.size = size;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    requireOpen();
    int wanted = into.remaining();
    if (into.hasArray()) {
      int count = in.read(into.array(), into.arrayOffset() + into.position(), wanted);
      if (count > 0) {
        into.position(into.position() + count);
      }
      return count;
    }
    byte[] piece = new byte[Math.min(wanted, PIECE)];
    int count = in.read(piece, 0, piece.length);
    if (count > 0) {
      into.put(piece, 0, count);
    }
    return count;
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    return in.getPos();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    requireOpen();
    in.seek(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return size;
  }

  @Override
  public int write(ByteBuffer from) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long length) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    in.close();
  }

  private void requireOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
