package org.latte4j.model.weights;

/** IEEE 754 binary16 ("half"): 1 sign, 5 exponent and 10 fraction bits. */
public final class Float16 {
  /** Size of a value in bytes. */
  public static final int BYTES = 2;

  private static final int SIGN = 0x8000;
  private static final int INFINITY = 0x7c00;
  private static final int QUIET_NAN = 0x7e00;
  private static final int FRACTION = 0x03ff;
  private static final int SHIFT = 13;
  private static final int FLOAT_INFINITY = 0x7f80_0000;

  /** Difference of the exponent biases, 127 - 15, at a float's exponent. */
  private static final int REBIAS = 112 << 23;

  /** 2^-14, the smallest normal half, as the bits of a float. */
  private static final int SMALLEST_NORMAL = 113 << 23;

  /** 2^16, above every finite half, as the bits of a float. */
  private static final int TOO_LARGE = 143 << 23;

  private Float16() {}

  /** The same value as a float: exact. NaNs keep their sign and fraction. */
  public static float toFloat(short half) {
    int sign = (half & SIGN) << 16;
    int magnitude = half & ~SIGN & 0xffff;
    if (magnitude >= INFINITY) {
      return Float.intBitsToFloat(sign | FLOAT_INFINITY | ((magnitude & FRACTION) << SHIFT));
    }
    if (magnitude > FRACTION) {
      return Float.intBitsToFloat(sign | ((magnitude << SHIFT) + REBIAS));
    }
    float subnormal = magnitude * 0x1p-24f;
    return sign == 0 ? subnormal : -subnormal;
  }

  /**
   * The nearest half; ties go to the even one. Magnitudes from 65520 on become infinite; NaNs stay
   * NaNs.
   */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & SIGN;
    int magnitude = bits & Integer.MAX_VALUE;
    if (magnitude > FLOAT_INFINITY) {
      return (short) (sign | QUIET_NAN | ((magnitude >>> SHIFT) & FRACTION));
    }
    if (magnitude >= TOO_LARGE) {
      return (short) (sign | INFINITY);
    }
    if (magnitude < SMALLEST_NORMAL) {
      // Exact scaling: the half's unit becomes 1, and rint rounds to even.
      return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24f));
    }
    // Just below half a unit, plus one if the last kept bit is odd; a carry moves the exponent up.
    int rounded = magnitude + 0xfff + ((magnitude >>> SHIFT) & 1);
    return (short) (sign | ((rounded - REBIAS) >>> SHIFT));
  }
}
