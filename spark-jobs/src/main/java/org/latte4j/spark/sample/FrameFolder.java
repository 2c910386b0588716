package org.latte4j.spark.sample;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.video.RgbImage;

/** A video as a folder of PNG files, numbered from 0, each written whole or not at all. */
final class FrameFolder implements FrameSink {
  private final VideoFiles files;
  private final String name;
  private int next;

  FrameFolder(VideoFiles files, String name) {
    this.files = files;
    this.name = name;
  }

  @Override
  public void write(RgbImage frame) throws IOException {
    BufferedImage picture =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        picture.setRGB(x, y, frame.rgb(x, y));
      }
    }
    files.publish(
        new Path(files.path(name), String.format(Locale.ROOT, "%06d.png", next++)),
        out -> {
          if (!ImageIO.write(picture, "png", out)) {
            throw new IOException("this Java cannot write PNG");
          }
        });
  }

  @Override
  public String finish() {
    return files.path(name).toString();
  }

  @Override
  public void close() {}
}
