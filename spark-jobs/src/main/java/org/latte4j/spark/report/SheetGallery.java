package org.latte4j.spark.report;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.history.HistoryEntry.Samples;
import org.latte4j.spark.history.RunHistory;

/** Some of a run's contact sheets, inside the page. */
final class SheetGallery {
  private static final int MOST_SHEETS = 6;
  private static final int WIDEST = 1400;

  private final Configuration hadoop;

  SheetGallery(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** The last sheet first, then earlier ones, evenly spread over the run. */
  String html(RunHistory history) {
    List<Samples> all = history.all(Samples.class);
    if (all.isEmpty()) {
      return "";
    }
    StringBuilder html = new StringBuilder("<h2>Samples</h2>\n");
    html.append(
        "<p>The same noise and classes each time; %d of %d sheets.</p>\n"
            .formatted(Math.min(all.size(), MOST_SHEETS), all.size()));
    for (Samples sheet : chosen(all)) {
      html.append(
          "<div class=\"sheet\"><div>After round %d, step %d</div>\n"
              .formatted(sheet.finishedRounds(), sheet.step()));
      html.append(picture(sheet));
      html.append("</div>\n");
    }
    return html.toString();
  }

  static List<Samples> chosen(List<Samples> all) {
    int count = Math.min(all.size(), MOST_SHEETS);
    List<Samples> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int back = count == 1 ? 0 : i * (all.size() - 1) / (count - 1);
      chosen.add(all.get(all.size() - 1 - back));
    }
    return chosen;
  }

  private String picture(Samples sheet) {
    Path path = new Path(sheet.sheet());
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(narrowed(ImageIO.read(in)), "png", png);
      return "<img alt=\"frames of generated videos\" src=\"data:image/png;base64,%s\">\n"
          .formatted(Base64.getEncoder().encodeToString(png.toByteArray()));
    } catch (IOException e) {
      return "<p>%s cannot be read: %s</p>\n"
          .formatted(Html.escape(sheet.sheet()), Html.escape(String.valueOf(e.getMessage())));
    }
  }

  private static BufferedImage narrowed(BufferedImage sheet) {
    if (sheet.getWidth() <= WIDEST) {
      return sheet;
    }
    int height = Math.max(1, sheet.getHeight() * WIDEST / sheet.getWidth());
    BufferedImage small = new BufferedImage(WIDEST, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(sheet, 0, 0, WIDEST, height, null);
    graphics.dispose();
    return small;
  }
}
