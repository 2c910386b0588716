package org.latte4j.model.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Functions on vectors of eight floats.
 *
 * <p>Eight lanes on every machine, so that sums come out the same with AVX2 and AVX-512; lanes are
 * summed in a written order, because the Vector API's own reduction of floats has none. Rows in
 * scratch arrays are padded to whole vectors; where the pad would count, it is given a neutral
 * value.
 */
final class VectorMath {
  static final VectorSpecies<Float> LANES = FloatVector.SPECIES_256;
  static final int WIDTH = 8;

  /** Floats of a row block: a few such blocks fit the first-level cache. */
  static final int BLOCK = 2048;

  private static final float LOG2_E = 1.44269504f;

  /** Adding it rounds to an integer, which then lies in the low bits: 1.5 * 2^23. */
  private static final float ROUNDER = 12582912f;

  private static final int EXPONENT_BIAS = 0x3f800000;

  /**
   * Below it softmax counts e^x as zero, which is less than one part in 10^30: otherwise such
   * probabilities become subnormal numbers, on which every later product is many times slower.
   */
  private static final float NEGLIGIBLE = -70f;

  private VectorMath() {}

  /** The next multiple of eight. */
  static int padded(int length) {
    return (length + WIDTH - 1) & -WIDTH;
  }

  /** Rows of a width that make up a block; at least one. */
  static int blockRows(int paddedWidth) {
    return Math.max(1, BLOCK / paddedWidth);
  }

  static FloatVector load(float[] from, int index) {
    return FloatVector.fromArray(LANES, from, index);
  }

  static FloatVector zero() {
    return FloatVector.zero(LANES);
  }

  static FloatVector broadcast(float value) {
    return FloatVector.broadcast(LANES, value);
  }

  /** Sum of the lanes, always in the same order. */
  static float sum(FloatVector v, float[] lanes) {
    v.intoArray(lanes, 0);
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
        + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
  }

  /**
   * e^x to 2 units in the last place; arguments are limited to [-87.3, 88.3], so that the result is
   * finite and normal. Cephes' expf (Moshier): split off a power of two, then a polynomial.
   */
  static FloatVector exp(FloatVector x) {
    FloatVector limited = x.max(-87.3f).min(88.3f);
    FloatVector rounded = limited.fma(broadcast(LOG2_E), broadcast(ROUNDER));
    FloatVector power = rounded.sub(ROUNDER);
    FloatVector rest = power.fma(broadcast(-0.693359375f), limited);
    rest = power.fma(broadcast(2.12194440e-4f), rest);
    FloatVector p = broadcast(1.9875691500e-4f);
    p = p.fma(rest, broadcast(1.3981999507e-3f));
    p = p.fma(rest, broadcast(8.3334519073e-3f));
    p = p.fma(rest, broadcast(4.1665795894e-2f));
    p = p.fma(rest, broadcast(1.6666665459e-1f));
    p = p.fma(rest, broadcast(5.0000001201e-1f));
    p = p.fma(rest.mul(rest), rest.add(1f));
    return p.mul(
        rounded
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHL, 23)
            .add(EXPONENT_BIAS)
            .reinterpretAsFloats());
  }

  /** 1 / (1 + e^-x). */
  static FloatVector sigmoid(FloatVector x) {
    return broadcast(1f).div(exp(x.neg()).add(1f));
  }

  /** Softmax of one row of {@code width} values; the row's pad is overwritten. */
  static void softmax(float[] row, int start, int width, float scale, float[] lanes) {
    int end = start + padded(width);
    Arrays.fill(row, start + width, end, row[start]);
    FloatVector highest = broadcast(Float.NEGATIVE_INFINITY);
    for (int i = start; i < end; i += WIDTH) {
      FloatVector scaled = load(row, i).mul(scale);
      highest = highest.max(scaled);
      scaled.intoArray(row, i);
    }
    Arrays.fill(row, start + width, end, Float.NEGATIVE_INFINITY);
    FloatVector top = broadcast(highest.reduceLanes(VectorOperators.MAX));
    FloatVector sums = zero();
    for (int i = start; i < end; i += WIDTH) {
      FloatVector x = load(row, i).sub(top);
      FloatVector e = exp(x).blend(0f, x.lt(NEGLIGIBLE));
      sums = sums.add(e);
      e.intoArray(row, i);
    }
    float reciprocal = 1f / sum(sums, lanes);
    for (int i = start; i < end; i += WIDTH) {
      load(row, i).mul(reciprocal).intoArray(row, i);
    }
  }

  /**
   * Backward of softmax for one row, into {@code gradient}: {@code scale * p * (gradient -
   * sum(gradient * p))}. The pads are overwritten.
   */
  static void softmaxBackward(
      float[] p, float[] gradient, int start, int width, float scale, float[] lanes) {
    int end = start + padded(width);
    Arrays.fill(p, start + width, end, 0f);
    Arrays.fill(gradient, start + width, end, 0f);
    FloatVector sums = zero();
    for (int i = start; i < end; i += WIDTH) {
      sums = load(p, i).fma(load(gradient, i), sums);
    }
    float mean = sum(sums, lanes);
    for (int i = start; i < end; i += WIDTH) {
      load(gradient, i).sub(mean).mul(load(p, i)).mul(scale).intoArray(gradient, i);
    }
  }
}
