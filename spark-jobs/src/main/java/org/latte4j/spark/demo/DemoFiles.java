package org.latte4j.spark.demo;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What ships for the demo below the program's folder.
 *
 * @param excerpts real videos in UCF101's layout
 * @param checkpoint weights that the demo goes on from
 * @param settings the demo's model, data and training
 * @param goingOn what differs when training goes on from the checkpoint
 */
public record DemoFiles(Path excerpts, Path checkpoint, Path settings, Path goingOn) {

  /**
   * Below the folder that the launcher names in the system property {@code latte.home}.
   *
   * @throws NoSuchFileException if they are not there
   */
  public static DemoFiles find() throws NoSuchFileException {
    Path conf = Path.of(System.getProperty("latte.home", ".")).resolve("conf");
    DemoFiles files =
        new DemoFiles(
            conf.resolve("demo/excerpts"),
            conf.resolve("demo/checkpoint"),
            conf.resolve("models/demo.conf"),
            conf.resolve("demo/going-on.conf"));
    if (!Files.isDirectory(files.excerpts)) {
      throw new NoSuchFileException(
          files.excerpts.toString(),
          null,
          "the demo's videos are not there; start the demo with bin/latte of the program's folder");
    }
    return files;
  }
}
