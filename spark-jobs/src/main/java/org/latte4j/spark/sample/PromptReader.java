package org.latte4j.spark.sample;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.encode.TextReader;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.data.source.TextEmbeddings;
import org.latte4j.data.source.TextLocation;
import org.latte4j.model.latte.TextConditioning;

/**
 * Reads the embeddings of the texts that videos are made of. The driver lists and checks them,
 * tasks read the values of their own videos. Not thread-safe.
 */
final class PromptReader implements Closeable {
  private final TextReader reader;

  PromptReader(Configuration hadoop) {
    this.reader = new TextReader(hadoop);
  }

  /** What {@code sample.text-embeddings} names, by name and in order; nothing if it is empty. */
  static Map<String, TextLocation> list(SampleSettings settings, Configuration hadoop)
      throws IOException {
    if (settings.textEmbeddings().isEmpty()) {
      return Map.of();
    }
    return TextEmbeddings.read(
            new Path(settings.textEmbeddings()), SampleSettings.TEXT_EMBEDDINGS, hadoop)
        .byName();
  }

  /**
   * Makes sure that embeddings are there and of the model's size, by their files' headers.
   *
   * @throws InvalidSourceException naming the first that is not
   */
  static void check(List<SampleRequest> requests, Configuration hadoop) throws IOException {
    try (PromptReader reader = new PromptReader(hadoop)) {
      Map<TextLocation, String> names = new LinkedHashMap<>();
      for (SampleRequest request : requests) {
        if (request.text().present()) {
          names.putIfAbsent(request.text(), request.className());
        }
      }
      for (Map.Entry<TextLocation, String> text : names.entrySet()) {
        reader.check(text.getValue(), text.getKey());
      }
    }
  }

  private void check(String name, TextLocation location) throws IOException {
    TextEncoding found;
    try {
      found = reader.describe(location);
    } catch (InvalidSourceException e) {
      throw new InvalidSourceException("'%s': %s".formatted(name, e.getMessage()), e);
    }
    if (found.tokens() != TextConditioning.TOKENS || found.width() != TextConditioning.WIDTH) {
      throw new InvalidSourceException(
          "the text embedding of '%s' in %s is %s, and the model needs %d x %d"
              .formatted(
                  name, location.name(), found, TextConditioning.TOKENS, TextConditioning.WIDTH));
    }
  }

  /** The embeddings [77, 768] of a batch; nothing if its videos have no texts. */
  List<float[]> texts(List<SampleRequest> batch) throws IOException {
    List<float[]> texts = new ArrayList<>();
    for (SampleRequest request : batch) {
      if (request.text().present()) {
        check(request.className(), request.text());
        texts.add(reader.values(request.text()));
      }
    }
    return texts;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
