package org.latte4j.spark.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.latte4j.model.settings.SettingsException;

/**
 * The files that encode texts, on any file system that Spark reads. Executors get them into one
 * folder, so that their names must differ.
 *
 * @param tokenizer a {@code tokenizer.json}
 * @param encoder in ONNX
 * @param encoderData what the encoder keeps in files beside it
 */
public record TextEncoderFiles(String tokenizer, String encoder, List<String> encoderData) {
  /** Refuses two files of one name. */
  public TextEncoderFiles {
    encoderData = List.copyOf(encoderData);
    Set<String> names = new HashSet<>();
    for (String file : all(tokenizer, encoder, encoderData)) {
      if (!names.add(name(file))) {
        throw new SettingsException(
            "--tokenizer, --encoder, --encoder-data: two files are named %s; executors get them into one folder"
                .formatted(name(file)));
      }
    }
  }

  /** All of them. */
  List<String> all() {
    return all(tokenizer, encoder, encoderData);
  }

  private static List<String> all(String tokenizer, String encoder, List<String> encoderData) {
    List<String> all = new ArrayList<>(List.of(tokenizer, encoder));
    all.addAll(encoderData);
    return all;
  }

  /** A file's name without its folders. */
  static String name(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }
}
