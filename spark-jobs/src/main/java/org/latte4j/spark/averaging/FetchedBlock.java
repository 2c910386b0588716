package org.latte4j.spark.averaging;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A worker's block as it comes out of the shuffle: a stretch of the shuffle's stream, read from
 * where it lies. Must be read to its end before the next block of the same stream is asked for.
 */
final class FetchedBlock {
  private final InputStream in;
  private final int bytes;
  private int remaining;

  FetchedBlock(InputStream in, int bytes) {
    this.in = in;
    this.bytes = bytes;
    this.remaining = bytes;
  }

  /** Bytes of the whole block. */
  int bytes() {
    return bytes;
  }

  /** Bytes that have not been read. */
  int remaining() {
    return remaining;
  }

  /**
   * Reads the next {@code count} bytes to the start of {@code into}.
   *
   * @throws EOFException if the stream, or the block, has fewer
   */
  void read(byte[] into, int count) throws IOException {
    if (count > remaining || in.readNBytes(into, 0, count) < count) {
      throw new EOFException("a block of %d bytes ended %d bytes early".formatted(bytes, count));
    }
    remaining -= count;
  }
}
