package org.latte4j.data.shard;

import org.apache.parquet.io.api.Binary;

/**
 * Memory for the large values of a Parquet column whose pages hold one of them each.
 *
 * <p>Parquet refers to the least and the greatest value of every row group until a file's footer is
 * written: of a column with one value a group, to all of them. Where a value's page is written
 * before the next value comes, what it refers to may be overwritten. The footer leaves out values
 * of this size, so that nobody reads them there.
 *
 * <p>Not thread-safe.
 */
public final class ValueBuffer {
  /** Values whose least and greatest take more, together, are left out of the footer. */
  private static final int FOOTER_BYTES = 4096;

  private byte[] room = new byte[0];

  /** The value for Parquet, good until the next one; a value that the footer may hold, for ever. */
  public Binary of(byte[] value) {
    if (value.length < FOOTER_BYTES) {
      return Binary.fromConstantByteArray(value);
    }
    if (room.length < value.length) {
      room = new byte[value.length];
    }
    System.arraycopy(value, 0, room, 0, value.length);
    return Binary.fromConstantByteArray(room, 0, value.length);
  }
}
