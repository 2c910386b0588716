package org.latte4j.model.random;

/**
 * Natural logarithm, sine and cosine with the bits of {@link StrictMath}, which is fdlibm: before
 * Java 21 the platform reaches it by a native call for every value.
 *
 * <p>Ported from fdlibm 5.3, {@code e_log.c}, {@code e_rem_pio2.c}, {@code k_sin.c}, {@code
 * k_cos.c}, for the arguments that {@link RandomStream} has:
 *
 * <pre>
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 *
 * Developed at SunSoft, a Sun Microsystems, Inc. business.
 * Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice
 * is preserved.
 * </pre>
 *
 * <p>Not thread-safe: holds the last angle's sine and cosine.
 */
final class Fdlibm {
  static final double LN2_HIGH = 6.93147180369123816490e-01;
  static final double LN2_LOW = 1.90821492927058770002e-10;
  static final double LG1 = 6.666666666666735130e-01;
  static final double LG2 = 3.999999999940941908e-01;
  static final double LG3 = 2.857142874366239149e-01;
  static final double LG4 = 2.222219843214978396e-01;
  static final double LG5 = 1.818357216161805012e-01;
  static final double LG6 = 1.531383769920937332e-01;
  static final double LG7 = 1.479819860511658591e-01;

  static final double S1 = -1.66666666666666324348e-01;
  static final double S2 = 8.33333333332248946124e-03;
  static final double S3 = -1.98412698298579493134e-04;
  static final double S4 = 2.75573137070700676789e-06;
  static final double S5 = -2.50507602534068634195e-08;
  static final double S6 = 1.58969099521155010221e-10;

  static final double C1 = 4.16666666666666019037e-02;
  static final double C2 = -1.38888888888741095749e-03;
  static final double C3 = 2.48015872894767294178e-05;
  static final double C4 = -2.75573143513906633035e-07;
  static final double C5 = 2.08757232129817482790e-09;
  static final double C6 = -1.13596475577881948265e-11;

  /** 2 / pi, and pi / 2 in pieces: 33 bits, the next 33, the next 33, and the rest of each. */
  static final double TWO_BY_PI = 6.36619772367581382433e-01;

  static final double PI_BY_2_1 = 1.57079632673412561417e+00;
  static final double PI_BY_2_1_TAIL = 6.07710050650619224932e-11;
  private static final double PI_BY_2_2 = 6.07710050630396597660e-11;
  private static final double PI_BY_2_2_TAIL = 2.02226624879595063154e-21;
  private static final double PI_BY_2_3 = 2.02226624871116645580e-21;
  private static final double PI_BY_2_3_TAIL = 8.47842766036889956997e-32;

  /** Upper halves of pi / 2, pi, 3 pi / 2, ... */
  private static final int[] MULTIPLES_OF_PI_BY_2 = {
    0x3ff921fb, 0x400921fb, 0x4012d97c, 0x401921fb, 0x401f6a7a
  };

  private double sine;
  private double cosine;

  /**
   * As {@link StrictMath#log}.
   *
   * @param argument normal and positive
   */
  static double log(double argument) {
    long bits = Double.doubleToRawLongBits(argument);
    int high = (int) (bits >> 32);
    int exponent = (high >> 20) - 1023;
    high &= 0x000fffff;
    int carry = (high + 0x95f64) & 0x100000;
    double x = withHigh(bits, high | (carry ^ 0x3ff00000));
    exponent += carry >> 20;
    double f = x - 1.0;
    double k = exponent;
    if ((0x000fffff & (2 + high)) < 3) { // |f| < 2^-20
      if (f == 0) {
        return exponent == 0 ? 0 : k * LN2_HIGH + k * LN2_LOW;
      }
      double r = f * f * (0.5 - 0.33333333333333333 * f);
      return exponent == 0 ? f - r : k * LN2_HIGH - ((r - k * LN2_LOW) - f);
    }
    double s = f / (2.0 + f);
    double z = s * s;
    double w = z * z;
    double t1 = w * (LG2 + w * (LG4 + w * LG6));
    double t2 = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)));
    double r = t2 + t1;
    if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
      double halfSquare = 0.5 * f * f;
      return exponent == 0
          ? f - (halfSquare - s * (halfSquare + r))
          : k * LN2_HIGH - ((halfSquare - (s * (halfSquare + r) + k * LN2_LOW)) - f);
    }
    return exponent == 0 ? f - s * (f - r) : k * LN2_HIGH - ((s * (f - r) - k * LN2_LOW) - f);
  }

  /**
   * Takes an angle, whose {@link #sine} and {@link #cosine} are then as {@link StrictMath}'s.
   *
   * @param angle in [0, 8)
   */
  void angle(double angle) {
    int high = high(angle);
    if (high <= 0x3fe921fb) { // up to pi / 4
      sine = high < 0x3e400000 ? angle : kernelSine(angle, 0, false);
      cosine = high < 0x3e400000 ? 1 : kernelCosine(angle, 0);
      return;
    }
    int quadrant;
    double rest;
    double tail;
    if (high < 0x4002d97c) { // up to 3 pi / 4
      quadrant = 1;
      double z = angle - PI_BY_2_1;
      double below = PI_BY_2_1_TAIL;
      if (high == 0x3ff921fb) { // near pi / 2
        z -= PI_BY_2_2;
        below = PI_BY_2_2_TAIL;
      }
      rest = z - below;
      tail = (z - rest) - below;
    } else {
      quadrant = (int) (angle * TWO_BY_PI + 0.5);
      double n = quadrant;
      double r = angle - n * PI_BY_2_1;
      double w = n * PI_BY_2_1_TAIL;
      rest = r - w;
      int exponent = high >> 20;
      boolean cancels = high == MULTIPLES_OF_PI_BY_2[quadrant - 1];
      if (cancels
          && exponent - ((high(rest) >> 20) & 0x7ff) > 16) { // cancellation: more bits of pi
        double t = r;
        w = n * PI_BY_2_2;
        r = t - w;
        w = n * PI_BY_2_2_TAIL - ((t - r) - w);
        rest = r - w;
        if (exponent - ((high(rest) >> 20) & 0x7ff) > 49) {
          t = r;
          w = n * PI_BY_2_3;
          r = t - w;
          w = n * PI_BY_2_3_TAIL - ((t - r) - w);
          rest = r - w;
        }
      }
      tail = (r - rest) - w;
    }
    double s = kernelSine(rest, tail, true);
    double c = kernelCosine(rest, tail);
    switch (quadrant & 3) {
      case 0 -> set(s, c);
      case 1 -> set(c, -s);
      case 2 -> set(-s, -c);
      default -> set(-c, s);
    }
  }

  /** Of the last angle. */
  double sine() {
    return sine;
  }

  /** Of the last angle. */
  double cosine() {
    return cosine;
  }

  private void set(double s, double c) {
    sine = s;
    cosine = c;
  }

  /** Of an angle of at most pi / 4, given as x + y. */
  private static double kernelSine(double x, double y, boolean hasTail) {
    if ((high(x) & 0x7fffffff) < 0x3e400000) {
      return x;
    }
    double z = x * x;
    double v = z * x;
    double r = S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)));
    return hasTail ? x - ((z * (0.5 * y - v * r) - y) - v * S1) : x + v * (S1 + z * r);
  }

  private static double kernelCosine(double x, double y) {
    int high = high(x) & 0x7fffffff;
    if (high < 0x3e400000) {
      return 1;
    }
    double z = x * x;
    double r = z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
    if (high < 0x3fd33333) {
      return 1 - (0.5 * z - (z * r - x * y));
    }
    double q = high > 0x3fe90000 ? 0.28125 : withHigh(0, high - 0x00200000);
    double half = 0.5 * z - q;
    double a = 1 - q;
    return a - (half - (z * r - x * y));
  }

  private static int high(double value) {
    return (int) (Double.doubleToRawLongBits(value) >> 32);
  }

  private static double withHigh(long bits, int high) {
    return Double.longBitsToDouble(((long) high << 32) | (bits & 0xffff_ffffL));
  }
}
