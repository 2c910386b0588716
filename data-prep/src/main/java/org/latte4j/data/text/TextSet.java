package org.latte4j.data.text;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder of text embeddings: safetensors files, the list {@value #LIST} that says where each
 * text's lies, and this record, written last.
 *
 * @param recipe what the embeddings follow from: settings, and checksums of captions, tokenizer and
 *     encoder
 * @param texts how many
 * @param empty texts that are empty
 * @param cut texts whose last tokens were left out
 * @param width D
 * @param files names of the safetensors files
 */
public record TextSet(
    Map<String, String> recipe, int texts, int empty, int cut, int width, List<String> files) {
  /** The list that {@code source.text-embeddings} and {@code sample.text-embeddings} take. */
  public static final String LIST = "texts.jsonl";

  /** File name of this record. */
  public static final String FILE = "_texts.json";

  /** Copies the collections. */
  public TextSet {
    recipe = Collections.unmodifiableMap(new TreeMap<>(recipe));
    files = List.copyOf(files);
  }
}
