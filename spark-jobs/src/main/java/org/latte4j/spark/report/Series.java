package org.latte4j.spark.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A named line of a chart.
 *
 * @param name for the legend; empty to leave it out there
 * @param style class of its line in the page's style sheet
 * @param points with x ascending
 */
record Series(String name, String style, List<Point> points) {
  /** Points that a line on a screen can show. */
  private static final int MOST_POINTS = 900;

  /** A value at an optimiser step. */
  record Point(double x, double y) {}

  /** Copies the list. */
  Series {
    points = List.copyOf(points);
  }

  /** The finite ones of the points, and on a logarithmic scale only the positive ones. */
  Series shown(Scale scale) {
    List<Point> finite =
        points.stream()
            .filter(p -> Double.isFinite(p.y) && (scale == Scale.LINEAR || p.y > 0))
            .toList();
    return new Series(name, style, finite);
  }

  /** The same line with no more points than can be told apart: means of neighbours. */
  Series thinned() {
    if (points.size() <= MOST_POINTS) {
      return this;
    }
    List<Point> means = new ArrayList<>();
    for (int bucket = 0; bucket < MOST_POINTS; bucket++) {
      List<Point> some =
          points.subList(
              (int) ((long) bucket * points.size() / MOST_POINTS),
              (int) ((bucket + 1L) * points.size() / MOST_POINTS));
      means.add(
          new Point(
              some.get(some.size() - 1).x,
              some.stream().mapToDouble(Point::y).average().orElseThrow()));
    }
    return new Series(name, style, means);
  }

  /** What the vertical axis of a chart is like. */
  enum Scale {
    /** From zero. */
    LINEAR,
    /** Powers of ten apart. */
    LOGARITHMIC
  }
}
