package org.latte4j.spark.sample;

import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.data.source.TextEmbeddings;
import org.latte4j.data.source.TextLocation;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.latte.TextConditioning;

/**
 * The texts that videos are made of, and what their embeddings must be. The driver lists and checks
 * them; tasks, which have not the list, read the values of their own videos.
 */
final class Prompts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, TextLocation> texts;
  private final TextLocation negative;
  private final int tokens;
  private final int width;

  private Prompts(Map<String, TextLocation> texts, TextLocation negative, int tokens, int width) {
    this.texts = texts;
    this.negative = negative;
    this.tokens = tokens;
    this.width = width;
  }

  /**
   * Lists {@code sample.text-embeddings}; there are none if it is empty.
   *
   * @param width of the model's texts
   * @throws InvalidSourceException if the place is not there, or lacks {@code sample.negative-text}
   */
  static Prompts read(SampleSettings settings, int width, ModelCard card, Configuration hadoop)
      throws IOException {
    int tokens =
        card.network().architecture().text() == TextConditioning.CLIP ? TextConditioning.TOKENS : 0;
    if (settings.textEmbeddings().isEmpty()) {
      return new Prompts(Map.of(), TextLocation.NONE, tokens, width);
    }
    Path place = new Path(settings.textEmbeddings());
    Map<String, TextLocation> texts =
        new LinkedHashMap<>(
            TextEmbeddings.read(place, SampleSettings.TEXT_EMBEDDINGS, hadoop).byName());
    TextLocation negative = TextLocation.NONE;
    if (!settings.negativeText().isEmpty()) {
      if (!texts.containsKey(settings.negativeText())) {
        throw new InvalidSourceException(
            "%s holds no text '%s' (%s)"
                .formatted(place, settings.negativeText(), SampleSettings.NEGATIVE_TEXT));
      }
      negative = texts.remove(settings.negativeText());
      if (texts.isEmpty()) {
        throw new InvalidSourceException(
            "%s holds no text beside the negative one".formatted(place));
      }
    }
    return new Prompts(texts, negative, tokens, width);
  }

  /** By name, in order; on the driver alone. */
  Map<String, TextLocation> texts() {
    return texts;
  }

  /**
   * Makes sure that embeddings are there and of the model's size, by their files' headers.
   *
   * @throws InvalidSourceException naming the first that is not
   */
  void check(List<SampleRequest> requests, Configuration hadoop) throws IOException {
    Map<TextLocation, String> names = new LinkedHashMap<>();
    if (negative.present()) {
      names.put(negative, "the negative text");
    }
    for (SampleRequest request : requests) {
      if (request.text().present()) {
        names.putIfAbsent(request.text(), "'%s'".formatted(request.className()));
      }
    }
    try (PromptReader reader = reader(hadoop)) {
      for (Map.Entry<TextLocation, String> text : names.entrySet()) {
        reader.check(text.getValue(), text.getKey());
      }
    }
  }

  /** A reader of the values. */
  PromptReader reader(Configuration hadoop) {
    return new PromptReader(this, hadoop);
  }

  TextLocation negative() {
    return negative;
  }

  /** Whether an embedding is one of the model's texts. */
  boolean fits(TextEncoding found) {
    return (tokens == 0 || found.tokens() == tokens) && found.width() == width;
  }

  /** What fits, for messages. */
  String needed() {
    return tokens == 0 ? "any number x %d".formatted(width) : "%d x %d".formatted(tokens, width);
  }
}
