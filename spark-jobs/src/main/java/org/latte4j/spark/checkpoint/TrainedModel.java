package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsFile;
import org.latte4j.model.weights.WeightSource;

/**
 * A trained model to sample from or to start from: a checkpoint of a run, the run's folder (its
 * newest checkpoint), or a folder with {@code model.safetensors} and {@code model.json}.
 *
 * <p>Immutable and thread-safe.
 */
public final class TrainedModel {
  private static final String SINGLE_FILE = "model.safetensors";

  private final Path folder;
  private final Configuration hadoop;
  private final boolean checkpoint;

  private TrainedModel(Path folder, Configuration hadoop, boolean checkpoint) {
    this.folder = folder;
    this.hadoop = hadoop;
    this.checkpoint = checkpoint;
  }

  /**
   * Finds the model at a path.
   *
   * @throws CheckpointException if there is none, or it is damaged
   */
  public static TrainedModel find(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (fileSystem.exists(new Path(path, SINGLE_FILE))) {
      return new TrainedModel(path, hadoop, false);
    }
    return new TrainedModel(Checkpoint.find(path, hadoop).path(), hadoop, true);
  }

  /** Where the weights lie. */
  public Path folder() {
    return folder;
  }

  /**
   * Whether it is a folder with one file of weights, and not a checkpoint that training goes on
   * from.
   */
  public boolean isExport() {
    return !checkpoint;
  }

  /** How far training had come that made it; an exported folder may do without. */
  public Optional<CheckpointState> madeBy() throws IOException {
    CheckpointFolder files = new CheckpointFolder(folder, hadoop);
    return files.exists(CheckpointJson.STATE)
        ? Optional.of(CheckpointJson.read(files, CheckpointJson.STATE, CheckpointState.class))
        : Optional.empty();
  }

  /** Sizes, classes and latents. */
  public ModelCard card() throws IOException {
    Path file = new Path(folder, ModelCardFile.NAME);
    try (InputStream in = folder.getFileSystem(hadoop).open(file)) {
      return ModelCardFile.fromJson(
          new String(in.readAllBytes(), StandardCharsets.UTF_8), file.toString());
    }
  }

  /** The weights; a folder with one set of them has it for both parts. */
  public WeightSource weights(Part part) throws IOException {
    if (checkpoint) {
      return Checkpoint.open(folder, hadoop).weights(CheckpointPart.of(part));
    }
    CheckpointFolder files = new CheckpointFolder(folder, hadoop);
    return SafetensorsFile.open(files.open(SINGLE_FILE), files.description() + "/" + SINGLE_FILE);
  }
}
