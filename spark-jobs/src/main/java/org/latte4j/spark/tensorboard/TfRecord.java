package org.latte4j.spark.tensorboard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * TensorFlow's framing of records: the length as 64 bits, its masked checksum, the data, their
 * masked checksum, everything little-endian.
 */
final class TfRecord {
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int OVERHEAD = LENGTH_BYTES + 2 * Integer.BYTES;

  private TfRecord() {}

  /** A record around the data. */
  static byte[] frame(byte[] data) {
    ByteBuffer record = ByteBuffer.allocate(OVERHEAD + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.array(), LENGTH_BYTES));
    record.put(data);
    record.putInt(maskedChecksum(data, data.length));
    return record.array();
  }

  /**
   * CRC-32C, turned and shifted: a checksum of data that hold checksums themselves would be weak.
   *
   * @param length bytes from the beginning that are summed
   */
  static int maskedChecksum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return Integer.rotateRight((int) sum.getValue(), 15) + MASK_DELTA;
  }
}
