package org.latte4j.spark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.latte4j.spark.report.Series.Point;
import org.latte4j.spark.report.Series.Scale;

/**
 * A chart over optimiser steps as inline SVG. Colours come from the page's style sheet, by classes,
 * so that they suit light and dark pages.
 */
final class SvgChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;
  private static final int RIGHT = 16;
  private static final int TOP = 14;
  private static final int BOTTOM = 44;

  /** Share of the values that a stacked chart must show whole, and what it leaves above them. */
  private static final double COMMON = 0.95;

  private static final double CUT_OFF = 1.5;

  private final String title;
  private final String unit;
  private final Axis x;
  private final Axis y;
  private final StringBuilder drawn = new StringBuilder();

  private SvgChart(String title, String unit, List<Series> series, Scale scale) {
    this.title = title;
    this.unit = unit;
    List<Point> points = series.stream().flatMap(line -> line.points().stream()).toList();
    this.x =
        Axis.linear(
            points.stream().mapToDouble(Point::x).min().orElse(0),
            points.stream().mapToDouble(Point::x).max().orElse(1),
            LEFT,
            WIDTH - RIGHT);
    double highest = points.stream().mapToDouble(Point::y).max().orElse(1);
    this.y =
        scale == Scale.LOGARITHMIC
            ? Axis.logarithmic(
                points.stream().mapToDouble(Point::y).min().orElse(1),
                highest,
                HEIGHT - BOTTOM,
                TOP)
            : Axis.linear(0, highest > 0 ? highest * 1.05 : 1, HEIGHT - BOTTOM, TOP);
    axes();
  }

  /**
   * Lines over steps.
   *
   * @param title what the chart shows
   * @param unit of the vertical axis
   */
  static String lines(String title, String unit, Scale scale, List<Series> series) {
    List<Series> shown = series.stream().map(line -> line.shown(scale).thinned()).toList();
    SvgChart chart = new SvgChart(title, unit, shown, scale);
    shown.forEach(chart::line);
    return chart.figure(shown);
  }

  /**
   * Areas on top of each other; every series has a value at the same steps. The first one lies at
   * the bottom. Rare towers, such as a run's first round, are cut off so that they do not flatten
   * the rest.
   */
  static String stacked(String title, String unit, List<Series> series) {
    List<Series> sums = sums(series.stream().map(Series::thinned).toList());
    double[] heights =
        sums.get(sums.size() - 1).points().stream().mapToDouble(Point::y).sorted().toArray();
    double limit = CUT_OFF * heights[(int) (COMMON * (heights.length - 1))];
    boolean cut = heights[heights.length - 1] > limit;
    List<Series> shown = cut ? sums.stream().map(layer -> cut(layer, limit)).toList() : sums;
    SvgChart chart =
        new SvgChart(cut ? title + " (higher ones are cut off)" : title, unit, shown, Scale.LINEAR);
    for (int i = shown.size() - 1; i >= 0; i--) {
      chart.area(shown.get(i));
    }
    return chart.figure(shown);
  }

  private static List<Series> sums(List<Series> layers) {
    double[] tops = new double[layers.get(0).points().size()];
    List<Series> sums = new ArrayList<>();
    for (Series layer : layers) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < tops.length; i++) {
        Point point = layer.points().get(i);
        tops[i] += point.y();
        points.add(new Point(point.x(), tops[i]));
      }
      sums.add(new Series(layer.name(), layer.style(), points));
    }
    return sums;
  }

  private static Series cut(Series layer, double limit) {
    return new Series(
        layer.name(),
        layer.style(),
        layer.points().stream().map(p -> new Point(p.x(), Math.min(limit, p.y()))).toList());
  }

  private void axes() {
    for (double tick : y.ticks()) {
      double at = y.position(tick);
      draw("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, at, WIDTH - RIGHT);
      draw("<text class=\"end\" x=\"%d\" y=\"%.1f\">%s</text>", LEFT - 8, at + 4, Axis.label(tick));
    }
    for (double tick : x.ticks()) {
      double at = x.position(tick);
      draw("<path class=\"grid\" d=\"M%.1f %dV%d\"/>", at, TOP, HEIGHT - BOTTOM);
      draw(
          "<text class=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>",
          at, HEIGHT - BOTTOM + 18, Axis.label(tick));
    }
    draw("<path class=\"axis\" d=\"M%d %dV%dH%d\"/>", LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT);
    draw(
        "<text class=\"middle\" x=\"%d\" y=\"%d\">optimiser step</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6);
    draw(
        "<text class=\"middle\" transform=\"translate(13 %d) rotate(-90)\">%s</text>",
        (TOP + HEIGHT - BOTTOM) / 2, Html.escape(unit));
  }

  private void line(Series series) {
    if (series.points().size() == 1) {
      Point only = series.points().get(0);
      draw(
          "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
          series.style(), x.position(only.x()), y.position(only.y()));
    } else if (!series.points().isEmpty()) {
      draw("<path class=\"line %s\" d=\"%s\"/>", series.style(), path(series.points()));
    }
  }

  private void area(Series top) {
    List<Point> points = top.points();
    double left = x.position(points.get(0).x());
    double right = x.position(points.get(points.size() - 1).x());
    if (points.size() == 1) {
      right = left + 12;
      draw(
          "<path class=\"area %s\" d=\"M%.1f %.1fH%.1fV%dH%.1fZ\"/>",
          top.style(), left, y.position(points.get(0).y()), right, HEIGHT - BOTTOM, left);
      return;
    }
    draw(
        "<path class=\"area %s\" d=\"%sV%dH%.1fZ\"/>",
        top.style(), path(points), HEIGHT - BOTTOM, left);
  }

  private String path(List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.length() == 0 ? 'M' : 'L')
          .append(
              String.format(
                  Locale.ROOT, "%.1f %.1f", x.position(point.x()), y.position(point.y())));
    }
    return path.toString();
  }

  private void draw(String format, Object... values) {
    drawn.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private String figure(List<Series> series) {
    StringBuilder legend = new StringBuilder();
    for (Series line : series) {
      if (!line.name().isEmpty()) {
        legend
            .append("<span><i class=\"key ")
            .append(line.style())
            .append("\"></i>")
            .append(Html.escape(line.name()))
            .append("</span>\n");
      }
    }
    return """
        <figure>
        <figcaption>%s</figcaption>
        <svg viewBox="0 0 %d %d" role="img" aria-label="%s">
        %s</svg>
        <div class="legend">%s</div>
        </figure>
        """
        .formatted(Html.escape(title), WIDTH, HEIGHT, Html.escape(title), drawn, legend);
  }
}
