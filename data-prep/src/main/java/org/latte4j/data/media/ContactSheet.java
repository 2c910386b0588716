package org.latte4j.data.media;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.video.RgbImage;

/**
 * Videos side by side on one picture: a row each, its caption on the left and its frames from left
 * to right. Small frames are enlarged by repeating pixels, so that nothing is smoothed over.
 *
 * <p>Not thread-safe.
 */
public final class ContactSheet {
  private static final int GAP = 4;
  private static final BitmapFont FONT = new BitmapFont(2);
  private static final Color PAPER = new Color(0xf4f4f0);
  private static final Color INK = new Color(0x202020);

  private final int cell;
  private final List<Row> rows = new ArrayList<>();

  private record Row(String caption, List<RgbImage> frames) {}

  /**
   * An empty sheet.
   *
   * @param cell frames are enlarged as far as their longer edge stays within this many pixels;
   *     larger frames are shown as they are
   */
  public ContactSheet(int cell) {
    if (cell < 1) {
      throw new IllegalArgumentException("cell size " + cell + " is not at least 1");
    }
    this.cell = cell;
  }

  /** Adds a row below the others; ASCII captions, lines separated by '\n'. */
  public ContactSheet row(String caption, List<RgbImage> frames) {
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("the row \"" + caption + "\" has no frames");
    }
    rows.add(new Row(caption, frames.stream().map(this::enlarge).toList()));
    return this;
  }

  private RgbImage enlarge(RgbImage frame) {
    int edge = Math.max(frame.width(), frame.height());
    return frame.enlarged(Math.max(1, cell / edge));
  }

  /** The sheet drawn. */
  public BufferedImage draw() {
    if (rows.isEmpty()) {
      throw new IllegalStateException("a contact sheet needs at least one row");
    }
    int captions =
        rows.stream().flatMap(row -> row.caption.lines()).mapToInt(FONT::width).max().orElse(0);
    int width = 3 * GAP + captions + rows.stream().mapToInt(ContactSheet::width).max().orElse(0);
    int height = GAP + rows.stream().mapToInt(row -> height(row) + GAP).sum();
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(PAPER);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(INK);
    int top = GAP;
    for (Row row : rows) {
      drawCaption(graphics, row, top);
      int left = 2 * GAP + captions;
      for (RgbImage frame : row.frames) {
        copy(frame, sheet, left, top);
        left += frame.width() + GAP;
      }
      top += height(row) + GAP;
    }
    graphics.dispose();
    return sheet;
  }

  /** Writes the sheet as PNG, whole or not at all. */
  public void write(Path target) throws IOException {
    PngFile.write(draw(), target);
  }

  private static void drawCaption(Graphics2D graphics, Row row, int top) {
    int line = top;
    for (String text : row.caption.lines().toList()) {
      FONT.draw(graphics, text, GAP, line);
      line += lineHeight();
    }
  }

  private static void copy(RgbImage frame, BufferedImage sheet, int left, int top) {
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        sheet.setRGB(left + x, top + y, frame.rgb(x, y));
      }
    }
  }

  private static int width(Row row) {
    return row.frames.stream().mapToInt(frame -> frame.width() + GAP).sum();
  }

  private static int height(Row row) {
    int caption = Math.toIntExact(row.caption.lines().count() * lineHeight());
    return Math.max(caption, row.frames.stream().mapToInt(RgbImage::height).max().orElse(0));
  }

  private static int lineHeight() {
    return FONT.height() + GAP;
  }
}
