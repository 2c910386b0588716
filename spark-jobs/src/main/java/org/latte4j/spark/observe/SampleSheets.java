package org.latte4j.spark.observe;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The contact sheets of a run's folder: {@code samples/round-N.png}. */
final class SampleSheets {
  private final Path folder;
  private final FileSystem fileSystem;

  SampleSheets(Path run, Configuration hadoop) throws IOException {
    this.folder = new Path(run, "samples");
    this.fileSystem = folder.getFileSystem(hadoop);
  }

  /** Writes a sheet, whole or not at all, in the place of one that may be there. */
  Path write(long rounds, BufferedImage sheet) throws IOException {
    String name = String.format(Locale.ROOT, "round-%06d.png", rounds);
    Path unfinished = new Path(folder, "_" + name + ".unfinished");
    try (OutputStream out = fileSystem.create(unfinished, true)) {
      if (!ImageIO.write(sheet, "png", out)) {
        throw new IOException("this Java cannot write PNG");
      }
    }
    Path target = new Path(folder, name);
    fileSystem.delete(target, false);
    if (!fileSystem.rename(unfinished, target)) {
      throw new IOException("cannot rename " + unfinished + " to " + target);
    }
    return target;
  }
}
