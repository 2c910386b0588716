package org.latte4j.spark.autoencoder;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.model.autoencoder.AutoencoderKlConfig;
import org.latte4j.model.autoencoder.DiffusersExport;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.WeightSource;

/** Writes a trained autoencoder as diffusers' folder: the weights, then the configuration. */
final class AutoencoderFolder {
  private static final String TEMPORARY_PREFIX = ".writing-";

  private final Path folder;
  private final FileSystem fileSystem;

  AutoencoderFolder(Path folder, Configuration hadoop) throws IOException {
    this.folder = folder;
    this.fileSystem = folder.getFileSystem(hadoop);
  }

  /**
   * Writes the folder; files that are there are replaced.
   *
   * @param config with the measured scaling factor
   * @param sampleSize side of the images that were trained on
   */
  void write(
      AutoencoderKlConfig config, WeightSource weights, ElementType precision, int sampleSize)
      throws IOException {
    fileSystem.mkdirs(folder);
    write(DiffusersExport.WEIGHTS, out -> DiffusersExport.weights(config, weights, precision, out));
    write(DiffusersExport.CONFIG, out -> out.write(DiffusersExport.config(config, sampleSize)));
  }

  private void write(String name, WholeFile.Content content) throws IOException {
    WholeFile.write(
        fileSystem, new Path(folder, name), new Path(folder, TEMPORARY_PREFIX + name), content);
  }
}
