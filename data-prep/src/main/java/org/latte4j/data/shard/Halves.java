package org.latte4j.data.shard;

import org.latte4j.model.weights.Float16;

/** Half precision (IEEE 754 binary16), little-endian, as moments are stored. */
public final class Halves {
  private Halves() {}

  /** Stores floats as halves, rounded to the nearest, ties to even. */
  public static void store(float[] from, int offset, int count, byte[] into, int byteOffset) {
    for (int i = 0; i < count; i++) {
      short half = Float16.fromFloat(from[offset + i]);
      into[byteOffset + 2 * i] = (byte) half;
      into[byteOffset + 2 * i + 1] = (byte) (half >>> 8);
    }
  }

  /** The half at a byte offset. */
  public static float at(byte[] halves, int byteOffset) {
    return Float16.toFloat((short) ((halves[byteOffset] & 0xFF) | (halves[byteOffset + 1] << 8)));
  }
}
