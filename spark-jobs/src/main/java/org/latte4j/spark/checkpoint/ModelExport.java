package org.latte4j.spark.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.latte4j.model.card.ModelCardFile;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;

/**
 * Writes a trained model as a small folder to hand on: the moving average in half precision as one
 * {@code model.safetensors}, {@code model.json}, and the checkpoint's {@code state.json}, which
 * says how the model was made. {@link TrainedModel} reads it.
 */
public final class ModelExport {
  private ModelExport() {}

  /**
   * Exports a checkpoint.
   *
   * @param checkpoint a checkpoint's folder, or a run's
   * @param folder local, made if it is not there; its files are replaced
   */
  public static void write(org.apache.hadoop.fs.Path checkpoint, Configuration hadoop, Path folder)
      throws IOException {
    Checkpoint found = Checkpoint.find(checkpoint, hadoop);
    Files.createDirectories(folder);
    try (WeightSource weights = found.weights(CheckpointPart.of(Part.EMA))) {
      writeWeights(weights, folder.resolve("model.safetensors"));
    }
    FileSystem fileSystem = found.path().getFileSystem(hadoop);
    for (String name : List.of(ModelCardFile.NAME, CheckpointJson.STATE)) {
      try (var in = fileSystem.open(new org.apache.hadoop.fs.Path(found.path(), name))) {
        Files.writeString(
            folder.resolve(name), new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private static void writeWeights(WeightSource weights, Path file) throws IOException {
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    for (String name : weights.names()) {
      layout.array(name, ElementType.F16, weights.shape(name));
    }
    SafetensorsWriter.save(
        file,
        layout.build(),
        writer -> {
          for (String name : weights.names()) {
            writer.write(name, weights.floats(name));
          }
        });
  }
}
