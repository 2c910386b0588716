package org.latte4j.model.weights;

/** The "brain" float: the upper half of an IEEE 754 binary32, with 7 fraction bits. */
public final class BFloat16 {
  /** Size of a value in bytes. */
  public static final int BYTES = 2;

  private BFloat16() {}

  /** The same value as a float: exact. */
  public static float toFloat(short value) {
    return Float.intBitsToFloat(value << 16);
  }

  /** The nearest value; ties go to the even one. NaNs stay NaNs. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x0040);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
