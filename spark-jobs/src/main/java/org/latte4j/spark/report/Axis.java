package org.latte4j.spark.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where values lie between two pixels, and which values are marked: 1, 2 or 5 times powers of 10.
 */
final class Axis {
  private static final double[] MANTISSAS = {1, 2, 5};
  private static final int MOST_TICKS = 9;

  private final double low;
  private final double high;
  private final double from;
  private final double to;
  private final boolean logarithmic;

  private Axis(double low, double high, double from, double to, boolean logarithmic) {
    this.low = low;
    this.high = high;
    this.from = from;
    this.to = to;
    this.logarithmic = logarithmic;
  }

  /** From {@code low} at pixel {@code from} to {@code high} at pixel {@code to}. */
  static Axis linear(double low, double high, double from, double to) {
    return new Axis(low, high > low ? high : low + 1, from, to, false);
  }

  /** The same for positive values, widened to marked values on both sides. */
  static Axis logarithmic(double low, double high, double from, double to) {
    double bottom = low;
    double top = high;
    for (double mark : marks(low / 10, high * 10)) {
      if (mark <= low) {
        bottom = mark;
      }
      if (mark >= high && mark > bottom) {
        top = mark;
        break;
      }
    }
    return new Axis(bottom, top, from, to, true);
  }

  double position(double value) {
    double share =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return from + share * (to - from);
  }

  /** A marked value as text. */
  static String label(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    double size = Math.abs(value);
    return size < 1e-3 || size >= 1e9
        ? String.format(Locale.ROOT, "%.1e", value).replace(".0e", "e")
        : Double.toString(value);
  }

  /** The marked values, ascending. */
  List<Double> ticks() {
    return logarithmic ? logarithmicTicks() : linearTicks();
  }

  private List<Double> logarithmicTicks() {
    List<Double> marks = marks(low, high);
    if (marks.size() <= MOST_TICKS) {
      return marks;
    }
    return marks.stream().filter(mark -> Math.log10(mark) == Math.rint(Math.log10(mark))).toList();
  }

  private List<Double> linearTicks() {
    double step = high - low;
    for (double candidate : marks((high - low) / 1000, high - low)) {
      if ((high - low) / candidate < MOST_TICKS) {
        step = candidate;
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (double i = Math.ceil(low / step); i * step <= high; i++) {
      // Not i * step itself, which may be 0.30000000000000004.
      ticks.add(new BigDecimal(i * step, new MathContext(12)).doubleValue());
    }
    return ticks;
  }

  private static List<Double> marks(double low, double high) {
    List<Double> marks = new ArrayList<>();
    int last = (int) Math.ceil(Math.log10(high));
    for (int exponent = (int) Math.floor(Math.log10(low)); exponent <= last; exponent++) {
      for (double mantissa : MANTISSAS) {
        double mark = Double.parseDouble((int) mantissa + "e" + exponent);
        if (mark >= low && mark <= high) {
          marks.add(mark);
        }
      }
    }
    return marks;
  }
}
