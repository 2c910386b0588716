package org.latte4j.data.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.video.RgbImage;

class ContactSheetTest {
  private static final RgbImage GREY = plain(8, 8, 100);
  private static final RgbImage DARK = plain(8, 8, 20);

  @TempDir Path folder;

  @Test
  void rowsLieBelowOneAnotherWithFramesEnlarged() {
    BufferedImage sheet =
        new ContactSheet(32).row("real", List.of(GREY, DARK)).row("made", List.of(DARK)).draw();

    assertThat(sheet.getHeight()).isEqualTo(4 + 2 * (32 + 4));
    int left = 2 * 4 + new BitmapFont(2).width("real");
    assertThat(sheet.getRGB(left, 4) & 0xffffff).isEqualTo(0x646464);
    assertThat(sheet.getRGB(left + 31, 35) & 0xffffff).isEqualTo(0x646464);
    assertThat(sheet.getRGB(left + 36, 4) & 0xffffff).isEqualTo(0x141414);
    assertThat(sheet.getRGB(left, 40) & 0xffffff).isEqualTo(0x141414);
  }

  @Test
  void captionIsWrittenInInk() {
    BufferedImage sheet = new ContactSheet(32).row("T", List.of(GREY)).draw();

    // The T's bar covers its whole width, its stem only the middle column.
    for (int x = 4; x < 14; x++) {
      assertThat(sheet.getRGB(x, 4) & 0xffffff).isEqualTo(0x202020);
    }
    assertThat(sheet.getRGB(8, 16) & 0xffffff).isEqualTo(0x202020);
    assertThat(sheet.getRGB(4, 16) & 0xffffff).isEqualTo(0xf4f4f0);
  }

  @Test
  void sheetIsWrittenAsPng() throws Exception {
    Path file = folder.resolve("sheet.png");

    new ContactSheet(16).row("a row\nof two lines", List.of(GREY)).write(file);

    assertThat(ImageIO.read(file.toFile()).getHeight()).isEqualTo(4 + 2 * 18 + 4);
    assertThat(folder.toFile().list()).containsExactly("sheet.png");
  }

  @Test
  void missingFolderIsNamed() {
    ContactSheet sheet = new ContactSheet(16).row("a", List.of(GREY));

    assertThatThrownBy(() -> sheet.write(folder.resolve("gone/sheet.png")))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("sheet.png", "folder exists");
  }

  @Test
  void rowWithoutFramesIsRefused() {
    assertThatThrownBy(() -> new ContactSheet(16).row("none", List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none");
  }

  @Test
  void everyPrintableCharacterHasAGlyph() {
    BufferedImage canvas = new BufferedImage(600, 8, BufferedImage.TYPE_INT_RGB);
    StringBuilder printable = new StringBuilder();
    for (char c = '!'; c <= '~'; c++) {
      printable.append(c);
    }

    new BitmapFont(1).draw(canvas.createGraphics(), printable.toString(), 0, 0);

    for (int i = 0; i < printable.length(); i++) {
      int[] glyph = canvas.getRGB(6 * i, 0, 5, 7, null, 0, 5);
      assertThat(Arrays.stream(glyph).filter(rgb -> (rgb & 0xffffff) != 0).count())
          .as("dots of %s", printable.charAt(i))
          .isPositive();
    }
  }

  private static RgbImage plain(int width, int height, int level) {
    byte[] pixels = new byte[3 * width * height];
    Arrays.fill(pixels, (byte) level);
    return new RgbImage(width, height, pixels);
  }
}
