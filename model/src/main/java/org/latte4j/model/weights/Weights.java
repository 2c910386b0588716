package org.latte4j.model.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Opens weights of any kind that is read, told apart by their content. */
public final class Weights {
  /** What a folder may call its weights, most specific first: our checkpoints, then diffusers. */
  private static final Map<Part, List<String>> NAMES_IN_FOLDERS =
      Map.of(
          Part.MODEL,
          List.of(
              "model.safetensors.index.json",
              "model.safetensors",
              "diffusion_pytorch_model.safetensors.index.json",
              "diffusion_pytorch_model.safetensors",
              "diffusion_pytorch_model.bin"),
          Part.EMA,
          List.of("ema.safetensors.index.json", "ema.safetensors"));

  private Weights() {}

  /**
   * Opens a torch checkpoint, a safetensors file, an index of shards, or a folder with one of these
   * (a checkpoint of ours, or a diffusers model).
   *
   * @param part which weights; files that hold only one set count as the model
   * @throws NoSuchFileException if there is no such file
   * @throws WeightFormatException if it is damaged, of no known kind, or lacks that part
   */
  public static WeightSource open(Path path, Part part) throws IOException {
    if (Files.isDirectory(path)) {
      return open(inFolder(path, part), Part.MODEL);
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "there are no weights of this name");
    }
    if (isTorch(path)) {
      return TorchCheckpoint.open(path, part);
    }
    FileKind kind = kind(path);
    if (part != Part.MODEL && (kind == FileKind.JSON || kind == FileKind.SAFETENSORS)) {
      throw new WeightFormatException(
          path
              + " holds one set of weights and does not say that it is '"
              + part.key()
              + "'; open it as the model, or name the folder of the checkpoint");
    }
    return kind == FileKind.JSON ? ShardedSafetensors.open(path) : SafetensorsFile.open(path);
  }

  /** Whether a file is a torch checkpoint, or another zip archive, by its first bytes. */
  public static boolean isTorch(Path file) throws IOException {
    FileKind kind = kind(file);
    return kind == FileKind.ZIP || kind == FileKind.OLD_TORCH;
  }

  private static Path inFolder(Path folder, Part part) throws IOException {
    for (String name : NAMES_IN_FOLDERS.get(part)) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        return file;
      }
    }
    throw new WeightFormatException(
        "the folder %s has no weights of the part '%s': none of %s is there"
            .formatted(folder, part.key(), String.join(", ", NAMES_IN_FOLDERS.get(part))));
  }

  private static FileKind kind(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return FileKind.of(in.readNBytes(FileKind.HEAD_BYTES));
    }
  }
}
