package org.latte4j.data.shard;

/** Half precision (IEEE 754 binary16), little-endian, as moments are stored. */
public final class Halves {
  private Halves() {}

  /** Stores floats as halves, rounded to the nearest, ties to even. */
  public static void store(float[] from, int offset, int count, byte[] into, int byteOffset) {
    for (int i = 0; i < count; i++) {
      short half = toHalf(from[offset + i]);
      into[byteOffset + 2 * i] = (byte) half;
      into[byteOffset + 2 * i + 1] = (byte) (half >>> 8);
    }
  }

  /** The half at a byte offset. */
  public static float at(byte[] halves, int byteOffset) {
    return toFloat((short) ((halves[byteOffset] & 0xFF) | (halves[byteOffset + 1] << 8)));
  }

  static short toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFF_FFFF;
    if (magnitude > 0x7F80_0000) {
      return (short) (sign | 0x7E00); // not a number
    }
    if (magnitude >= 0x477F_F000) {
      return (short) (sign | 0x7C00); // 65520 and more round to infinity
    }
    if (magnitude < 0x3880_0000) {
      // Below 2^-14 halves are multiples of 2^-24; rint rounds ties to even.
      int multiples = (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24);
      return (short) (sign | multiples);
    }
    int rebased = magnitude - (112 << 23);
    int rounded = rebased + 0xFFF + ((rebased >>> 13) & 1);
    return (short) (sign | (rounded >>> 13));
  }

  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1F;
    int fraction = half & 0x3FF;
    if (exponent == 0) {
      float subnormal = fraction * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    int widened = exponent == 0x1F ? 0xFF : exponent + 112;
    return Float.intBitsToFloat(sign | (widened << 23) | (fraction << 13));
  }
}
