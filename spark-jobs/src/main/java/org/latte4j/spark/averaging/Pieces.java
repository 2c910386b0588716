package org.latte4j.spark.averaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * How the values of a slice travel and are stored: as little-endian floats, {@value #LONGEST} at a
 * time. A piece fits into a processor's second-level cache, so that copying, adding and writing it
 * costs main memory one pass, and no task ever holds a whole slice.
 */
final class Pieces {
  /** Values in every piece of a slice but the last, which holds the rest. */
  static final int LONGEST = 1 << 16;

  private Pieces() {}

  /** Pieces of one vector's slice. */
  static int count(Slice slice) {
    return (slice.length() + LONGEST - 1) / LONGEST;
  }

  /** Values in the piece that begins {@code from} values after the slice's start. */
  static int length(Slice slice, int from) {
    return Math.min(LONGEST, slice.length() - from);
  }

  /** The values of so many bytes, sharing their storage. */
  static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
