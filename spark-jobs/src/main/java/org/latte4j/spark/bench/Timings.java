package org.latte4j.spark.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * How long runs took, in seconds.
 *
 * @param runs how many
 * @param min the fastest
 * @param median the middle one (the mean of the two middle ones of an even number)
 * @param max the slowest
 */
public record Timings(int runs, double min, double median, double max) {
  /** Summarises at least one run. */
  public static Timings of(double... seconds) {
    if (seconds.length == 0) {
      throw new IllegalArgumentException("timings need at least one run");
    }
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new Timings(n, sorted[0], (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[n - 1]);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "runs %d min %.3f median %.3f max %.3f s", runs, min, median, max);
  }
}
