package org.latte4j.model.random;

/**
 * Standard normal values, hundreds at a time, with the bits that {@link RandomStream#normal} gives
 * one after the other: the same operations in the same order, but without branches, in loops over
 * arrays, most of which the compiler turns into vector instructions.
 *
 * <p>Left out are the branches of {@link Fdlibm} that few values take: a logarithm of a power of 2,
 * nearly; an angle near a multiple of a quarter turn. Such pairs, about one in 6,000, are computed
 * again by {@link Fdlibm} itself.
 *
 * <p>Not thread-safe: holds the values drawn last.
 */
final class NormalPairs {
  /** The most pairs at a time: all arrays together fit a core's nearest cache. */
  static final int MOST = 128;

  /** Upper half of pi / 4, the last angle that Fdlibm does not reduce. */
  private static final int PI_BY_4 = 0x3fe921fb;

  /** Upper half of 2^-13: more of pi's digits are needed only for rests below. */
  private static final int SMALL_REST = 0x3f200000;

  private final Fdlibm functions = new Fdlibm();
  private final Philox.Lanes words = new Philox.Lanes(MOST);

  /**
   * 1 - u of the first uniform value: its logarithm is that of 1 + fraction, plus exponent ln 2.
   */
  private final double[] radicands = new double[MOST];

  private final double[] fractions = new double[MOST];
  private final double[] exponents = new double[MOST];

  /** 1 where the fraction lies near the square root of 2, else 0. */
  private final double[] nearRoots = new double[MOST];

  private final double[] radii = new double[MOST];

  /** 2 pi u of the second: quarter turns and a rest in two doubles, at most pi / 4. */
  private final double[] angles = new double[MOST];

  private final double[] quarters = new double[MOST];
  private final double[] rests = new double[MOST];
  private final double[] tails = new double[MOST];
  private final double[] splits = new double[MOST];

  private final double[] sines = new double[MOST];
  private final double[] sinesWithoutTail = new double[MOST];
  private final double[] cosines = new double[MOST];

  private final int[] again = new int[MOST];
  private final double[] values = new double[2 * MOST];

  /**
   * Draws pairs, each from the four words of one counter.
   *
   * @param key of the stream
   * @param stream upper words of the counter
   * @param firstBlock lower words of the first pair's counter
   * @param pairs 1 to {@link #MOST}
   * @return two values a pair; valid until the next call
   */
  double[] draw(long key, long stream, long firstBlock, int pairs) {
    uniforms(key, stream, firstBlock, pairs);
    reduce(angles, quarters, rests, tails, pairs);
    int rare = split(pairs);
    radii(fractions, exponents, nearRoots, radii, pairs);
    sines(rests, tails, sinesWithoutTail, sines, pairs);
    cosines(rests, tails, splits, cosines, pairs);
    combine(pairs);
    for (int i = 0; i < rare; i++) {
      int pair = again[i];
      double radius = Math.sqrt(-2 * Fdlibm.log(radicands[pair]));
      functions.angle(angles[pair]);
      values[2 * pair] = radius * functions.cosine();
      values[2 * pair + 1] = radius * functions.sine();
    }
    return values;
  }

  private void uniforms(long key, long stream, long firstBlock, int pairs) {
    Philox.encrypt(firstBlock, stream, key, words, pairs);
    uniforms(words.x0, words.x1, radicands, pairs);
    uniforms(words.x2, words.x3, angles, pairs);
    for (int i = 0; i < pairs; i++) {
      radicands[i] = 1 - radicands[i];
      angles[i] = 2 * Math.PI * angles[i];
    }
  }

  /** As {@link RandomStream#uniform}. */
  private static void uniforms(long[] low, long[] high, double[] uniform, int pairs) {
    for (int i = 0; i < pairs; i++) {
      low[i] = (low[i] | high[i] << 32) >>> 11;
    }
    for (int i = 0; i < pairs; i++) {
      uniform[i] = low[i] * 0x1p-53;
    }
  }

  private static void reduce(
      double[] angles, double[] quarters, double[] rests, double[] tails, int pairs) {
    for (int i = 0; i < pairs; i++) {
      double angle = angles[i];
      double n = Math.floor(angle * Fdlibm.TWO_BY_PI + 0.5);
      double r = angle - n * Fdlibm.PI_BY_2_1;
      double w = n * Fdlibm.PI_BY_2_1_TAIL;
      double rest = r - w;
      quarters[i] = n;
      rests[i] = rest;
      tails[i] = (r - rest) - w;
    }
  }

  /** Takes the values' bits apart; the number of pairs to be computed again. */
  private int split(int pairs) {
    int rare = 0;
    for (int i = 0; i < pairs; i++) {
      long bits = Double.doubleToRawLongBits(radicands[i]);
      int fraction = (int) (bits >> 32) & 0x000fffff;
      int carry = (fraction + 0x95f64) & 0x100000;
      long upper = fraction | (carry ^ 0x3ff00000);
      fractions[i] = Double.longBitsToDouble(upper << 32 | (bits & 0xffff_ffffL)) - 1.0;
      exponents[i] = (int) (bits >> 52) - 1023 + (carry >> 20);

      int high = (int) (Double.doubleToRawLongBits(rests[i]) >> 32) & 0x7fffffff;
      int split = high > 0x3fe90000 ? 0x3fd20000 : high - 0x00200000; // 0.28125 or |rest| / 4
      splits[i] = Double.longBitsToDouble((long) (high < 0x3fd33333 ? 0 : split) << 32);

      // In place of comparisons, sign bits: no difference overflows.
      nearRoots[i] = ~((fraction - 0x6147a) | (0x6b851 - fraction)) >>> 31;
      int nearOne = ((2 + fraction) & 0x000fffff) - 3;
      int angle = (int) (Double.doubleToRawLongBits(angles[i]) >> 32);
      int nearQuarter = (high - SMALL_REST) | ((angle ^ PI_BY_4) - 1);
      again[rare] = i;
      rare += (nearOne | nearQuarter) >>> 31;
    }
    return rare;
  }

  private static void radii(
      double[] fractions, double[] exponents, double[] nearRoots, double[] radii, int pairs) {
    for (int i = 0; i < pairs; i++) {
      double f = fractions[i];
      double s = f / (2.0 + f);
      double z = s * s;
      double w = z * z;
      double t1 = w * (Fdlibm.LG2 + w * (Fdlibm.LG4 + w * Fdlibm.LG6));
      double t2 = z * (Fdlibm.LG1 + w * (Fdlibm.LG3 + w * (Fdlibm.LG5 + w * Fdlibm.LG7)));
      double r = t2 + t1;
      double k = exponents[i];
      double low = k * Fdlibm.LN2_LOW;
      double halfSquare = 0.5 * f * f;
      double near = halfSquare - (s * (halfSquare + r) + low);
      double far = s * (f - r) - low;
      // A choice without a branch, and exact: one of the products is the value itself, the other 0.
      double correction = near * nearRoots[i] + far * (1 - nearRoots[i]);
      double logarithm = k * Fdlibm.LN2_HIGH - (correction - f);
      radii[i] = Math.sqrt(-2 * logarithm);
    }
  }

  private static void sines(
      double[] rests, double[] tails, double[] withoutTail, double[] sines, int pairs) {
    for (int i = 0; i < pairs; i++) {
      double x = rests[i];
      double y = tails[i];
      double z = x * x;
      double v = z * x;
      double r = Fdlibm.S2 + z * (Fdlibm.S3 + z * (Fdlibm.S4 + z * (Fdlibm.S5 + z * Fdlibm.S6)));
      withoutTail[i] = x + v * (Fdlibm.S1 + z * r);
      sines[i] = x - ((z * (0.5 * y - v * r) - y) - v * Fdlibm.S1);
    }
  }

  private static void cosines(
      double[] rests, double[] tails, double[] splits, double[] cosines, int pairs) {
    for (int i = 0; i < pairs; i++) {
      double x = rests[i];
      double z = x * x;
      double r =
          z
              * (Fdlibm.C1
                  + z
                      * (Fdlibm.C2
                          + z * (Fdlibm.C3 + z * (Fdlibm.C4 + z * (Fdlibm.C5 + z * Fdlibm.C6)))));
      double q = splits[i];
      double half = 0.5 * z - q;
      double a = 1 - q;
      cosines[i] = a - (half - (z * r - x * tails[i]));
    }
  }

  /** Turns sines and cosines of the rests into those of the angles. */
  private void combine(int pairs) {
    for (int i = 0; i < pairs; i++) {
      int quarter = (int) quarters[i];
      long ofSine = Double.doubleToRawLongBits(quarter == 0 ? sinesWithoutTail[i] : sines[i]);
      long ofCosine = Double.doubleToRawLongBits(cosines[i]);
      long swap = (ofSine ^ ofCosine) & -(quarter & 1L);
      long sine = ofSine ^ swap ^ (quarter & 2L) << 62;
      long cosine = ofCosine ^ swap ^ ((quarter + 1) & 2L) << 62;
      double radius = radii[i];
      values[2 * i] = radius * Double.longBitsToDouble(cosine);
      values[2 * i + 1] = radius * Double.longBitsToDouble(sine);
    }
  }
}
