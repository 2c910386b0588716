package org.latte4j.data.media;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;

/** Writes PNG files, whole or not at all. */
public final class PngFile {
  private PngFile() {}

  /** Writes the picture, in the place of a file that may be there. */
  public static void write(BufferedImage picture, Path target) throws IOException {
    Path unfinished = target.resolveSibling("." + target.getFileName() + ".unfinished");
    try {
      try (var stream = Files.newOutputStream(unfinished)) {
        if (!ImageIO.write(picture, "png", stream)) {
          throw new IOException("this Java has no PNG writer for images of type " + picture);
        }
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      throw new IOException(
          "%s: the picture could not be written: %s; check that the folder exists, can be written"
                  .formatted(target, e)
              + " and has space left",
          e);
    }
  }
}
