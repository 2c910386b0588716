package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Function;

/** What the contract tests of every implementation share. */
interface KernelsContract {
  Kernels kernels();

  Arena arena();

  /** Largest difference from a double-precision result, per unit of its largest value. */
  double tolerance();

  /** Normally distributed values that a float holds exactly. */
  static double[] normal(long seed, int count) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static int length(int... shape) {
    int length = 1;
    for (int size : shape) {
      length *= size;
    }
    return length;
  }

  default Tensor tensor(double[] values, int... shape) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    Tensor tensor = arena().allocate(shape);
    kernels().upload(floats, tensor);
    return tensor;
  }

  default Tensor filled(double value, int... shape) {
    Tensor tensor = arena().allocate(shape);
    kernels().fill(tensor, value);
    return tensor;
  }

  default double[] values(Tensor tensor) {
    float[] floats = new float[(int) tensor.length()];
    kernels().download(tensor, floats);
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  default void assertClose(Tensor actual, double... expected) {
    double[] got = values(actual);
    assertThat(got).hasSameSizeAs(expected);
    double largest = 1e-30;
    double worst = 0;
    for (int i = 0; i < got.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(got[i] - expected[i]));
      assertThat(got[i]).isFinite();
    }
    assertThat(worst / largest).as("largest difference, relative").isLessThan(tolerance());
  }

  /** Gradient of {@code sum(weights * function(x))} by central differences. */
  static double[] numericalGradient(
      Function<double[], double[]> function, double[] x, double[] weights) {
    double step = 1e-5;
    double[] gradient = new double[x.length];
    double[] moved = x.clone();
    for (int i = 0; i < x.length; i++) {
      moved[i] = x[i] + step;
      double above = dot(function.apply(moved), weights);
      moved[i] = x[i] - step;
      double below = dot(function.apply(moved), weights);
      moved[i] = x[i];
      gradient[i] = (above - below) / (2 * step);
    }
    return gradient;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < a.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  static double[] constant(double value, int count) {
    double[] values = new double[count];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
