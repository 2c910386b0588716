package org.latte4j.spark.convert;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What was written.
 *
 * @param input as it was named
 * @param output format in words
 * @param parts sets of weights in it: model, ema
 * @param type of the values
 * @param arrays in each set
 * @param values in each set, fixed position tables included
 * @param files written, the one to name last
 * @param bytes of them
 */
@JsonPropertyOrder({"input", "output", "parts", "type", "arrays", "values", "files", "bytes"})
public record ConversionResult(
    String input,
    String output,
    List<String> parts,
    String type,
    int arrays,
    long values,
    List<String> files,
    long bytes) {
  /** Copies the lists. */
  public ConversionResult {
    parts = List.copyOf(parts);
    files = List.copyOf(files);
  }
}
