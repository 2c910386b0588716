package org.latte4j.data.media;

import java.awt.Graphics2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Writes ASCII text in glyphs of 5 x 7 dots, descenders a dot longer, enlarged by a whole number.
 * Java's own fonts need fontconfig and font files, which servers and containers often lack; these
 * glyphs are always there and look the same everywhere.
 */
public final class BitmapFont {
  private static final String RESOURCE = "glyphs-5x7.txt";
  private static final int COLUMNS = 5;
  private static final int ROWS = 7;
  private static final int ROWS_WITH_DESCENDER = 8;
  private static final char FIRST = ' ';
  private static final List<String> GLYPHS = read();

  private final int scale;

  /**
   * A size.
   *
   * @param scale edge of a dot in pixels; a line is 7 times as high
   */
  public BitmapFont(int scale) {
    if (scale < 1) {
      throw new IllegalArgumentException("font scale " + scale + " is not at least 1");
    }
    this.scale = scale;
  }

  /** Height of a line in pixels, without descenders. */
  public int height() {
    return ROWS * scale;
  }

  /** Width of a text in pixels. */
  public int width(String text) {
    return Math.max(0, text.length() * (COLUMNS + 1) - 1) * scale;
  }

  /**
   * Draws in the graphics' colour; characters that are not printable ASCII become '?'.
   *
   * @param left of the first glyph in pixels
   * @param top of the line in pixels
   */
  public void draw(Graphics2D graphics, String text, int left, int top) {
    for (int i = 0; i < text.length(); i++) {
      int glyph = text.charAt(i) - FIRST;
      String columns = GLYPHS.get(glyph >= 0 && glyph < GLYPHS.size() ? glyph : '?' - FIRST);
      for (int x = 0; x < COLUMNS; x++) {
        int dots = Integer.parseInt(columns, 2 * x, 2 * x + 2, 16);
        for (int y = 0; y < ROWS_WITH_DESCENDER; y++) {
          if ((dots >> y & 1) != 0) {
            int column = i * (COLUMNS + 1) + x;
            graphics.fillRect(left + column * scale, top + y * scale, scale, scale);
          }
        }
      }
    }
  }

  /** One line a glyph: a byte a column from the left in hexadecimal, its lowest bit on top. */
  private static List<String> read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(BitmapFont.class.getResourceAsStream(RESOURCE), RESOURCE),
                StandardCharsets.US_ASCII))) {
      return reader.lines().map(line -> line.substring(0, 2 * COLUMNS)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
