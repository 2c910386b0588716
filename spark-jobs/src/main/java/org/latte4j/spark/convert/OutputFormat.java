package org.latte4j.spark.convert;

import java.util.Locale;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.model.weights.SafetensorsExport;

/** What weights are converted to; the output's name decides. */
public enum OutputFormat {
  /** One safetensors file. */
  SAFETENSORS("safetensors"),
  /** Shards and an index. */
  SHARDED_SAFETENSORS("sharded safetensors"),
  /** What {@code torch.load} reads. */
  TORCH("torch checkpoint"),
  /** What Deeplearning4j's ModelSerializer restores. */
  NETWORK_ARCHIVE("Deeplearning4j network"),
  /** {@code model.safetensors} and {@code model.json}, for sampling and to start from. */
  FOLDER("folder with model.json");

  private final String title;

  OutputFormat(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }

  /**
   * The format that a name asks for.
   *
   * @throws SettingsException if it asks for none
   */
  public static OutputFormat of(String output) {
    String name = output.toLowerCase(Locale.ROOT);
    if (name.endsWith(SafetensorsExport.INDEX_ENDING)) {
      return SHARDED_SAFETENSORS;
    }
    if (name.endsWith(".safetensors")) {
      return SAFETENSORS;
    }
    if (name.endsWith(".pt") || name.endsWith(".pth")) {
      return TORCH;
    }
    if (name.endsWith(".zip")) {
      return NETWORK_ARCHIVE;
    }
    if (name.endsWith("/") || name.lastIndexOf('.') <= name.lastIndexOf('/') + 1) {
      return FOLDER;
    }
    throw new SettingsException(
        ("--output %s: the name says the format: NAME.safetensors, NAME.safetensors.index.json"
                + " (shards), NAME.pt (PyTorch), NAME.zip (Deeplearning4j), or a folder, with a"
                + " slash at its end if there is a dot in its name")
            .formatted(output));
  }
}
