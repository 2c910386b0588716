package org.latte4j.spark.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.latte4j.data.media.BitmapFont;
import org.latte4j.data.media.PngFile;

/**
 * A plot of the training loss over steps: every value as a faint line, and their running mean as a
 * strong one. The loss axis is logarithmic, because the loss of a diffusion model falls fast at
 * first and then ever more slowly.
 *
 * <p>The mean is a {@link RunningMean}.
 */
public final class LossCurve {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 540;
  private static final int LEFT = 84;
  private static final int RIGHT = 24;
  private static final int TOP = 44;
  private static final int BOTTOM = 56;
  private static final BitmapFont FONT = new BitmapFont(2);
  private static final Color PAPER = Color.WHITE;
  private static final Color INK = new Color(0x303030);
  private static final Color GRID = new Color(0xe4e4e4);
  private static final Color RAW = new Color(0xb8cfe8);
  private static final Color SMOOTHED = new Color(0x1f5fa8);

  private final String title;
  private final List<Point> points;
  private final Axis steps;
  private final Axis losses;

  /**
   * A measured loss.
   *
   * @param step of the optimiser, from 0 or 1
   * @param loss positive and finite
   */
  public record Point(long step, double loss) {}

  /**
   * A plot.
   *
   * @param title ASCII, one line
   * @param points at least one, with steps ascending
   * @throws IllegalArgumentException if a loss is not positive and finite or steps do not ascend
   */
  public LossCurve(String title, List<Point> points) {
    this.title = title;
    this.points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a loss curve needs at least one point");
    }
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (!(point.loss > 0) || Double.isInfinite(point.loss)) {
        throw new IllegalArgumentException(
            "the loss at step %d is %s; a loss curve takes positive, finite values"
                .formatted(point.step, point.loss));
      }
      if (i > 0 && points.get(i - 1).step >= point.step) {
        throw new IllegalArgumentException(
            "step %d follows step %d; steps must ascend"
                .formatted(point.step, points.get(i - 1).step));
      }
    }
    steps =
        Axis.linear(points.get(0).step, points.get(points.size() - 1).step, LEFT, WIDTH - RIGHT);
    losses =
        Axis.logarithmic(
            points.stream().mapToDouble(Point::loss).min().getAsDouble(),
            points.stream().mapToDouble(Point::loss).max().getAsDouble(),
            HEIGHT - BOTTOM,
            TOP);
  }

  /** The plot drawn, 960 x 540 pixels. */
  public BufferedImage draw() {
    BufferedImage plot = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = plot.createGraphics();
    graphics.setColor(PAPER);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    drawAxes(graphics);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    drawLine(graphics, points, RAW, 1);
    drawLine(graphics, smoothed(), SMOOTHED, 2.5f);
    graphics.dispose();
    return plot;
  }

  /** Writes the plot as PNG, whole or not at all. */
  public void write(Path target) throws IOException {
    PngFile.write(draw(), target);
  }

  /** The running mean at each point. */
  List<Point> smoothed() {
    List<Double> means = RunningMean.of(points.stream().map(Point::loss).toList());
    return IntStream.range(0, points.size())
        .mapToObj(i -> new Point(points.get(i).step, means.get(i)))
        .toList();
  }

  private void drawAxes(Graphics2D graphics) {
    for (double tick : losses.ticks()) {
      int y = (int) Math.round(losses.position(tick));
      graphics.setColor(GRID);
      graphics.drawLine(LEFT, y, WIDTH - RIGHT, y);
      graphics.setColor(INK);
      String label = Axis.label(tick);
      FONT.draw(graphics, label, LEFT - 8 - FONT.width(label), y - FONT.height() / 2);
    }
    for (double tick : steps.ticks()) {
      int x = (int) Math.round(steps.position(tick));
      graphics.setColor(GRID);
      graphics.drawLine(x, TOP, x, HEIGHT - BOTTOM);
      graphics.setColor(INK);
      String label = Axis.label(tick);
      int left = Math.min(x - FONT.width(label) / 2, WIDTH - 4 - FONT.width(label));
      FONT.draw(graphics, label, left, HEIGHT - BOTTOM + 8);
    }
    graphics.drawLine(LEFT, TOP, LEFT, HEIGHT - BOTTOM);
    graphics.drawLine(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    FONT.draw(graphics, title, LEFT, 12);
    FONT.draw(graphics, "loss", 8, 12);
    String step = "step";
    FONT.draw(graphics, step, (LEFT + WIDTH - RIGHT - FONT.width(step)) / 2, HEIGHT - 22);
  }

  private void drawLine(Graphics2D graphics, List<Point> line, Color colour, float width) {
    Path2D path = new Path2D.Double();
    for (Point point : line) {
      double x = steps.position(point.step);
      double y = losses.position(point.loss);
      if (path.getCurrentPoint() == null) {
        path.moveTo(x, y);
      }
      path.lineTo(x, y);
    }
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke(width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(path);
  }
}
