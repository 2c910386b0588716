package org.latte4j.spark.sample;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.latte4j.data.encode.TextReader;
import org.latte4j.data.shard.TextEncoding;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.data.source.TextLocation;

/** Reads the embeddings of the texts that videos are made of. Not thread-safe. */
final class PromptReader implements Closeable {
  private final Prompts prompts;
  private final TextReader reader;

  PromptReader(Prompts prompts, Configuration hadoop) {
    this.prompts = prompts;
    this.reader = new TextReader(hadoop);
  }

  /**
   * Makes sure that an embedding is there and of the model's size.
   *
   * @param name of the text, for messages
   * @throws InvalidSourceException if not
   */
  void check(String name, TextLocation location) throws IOException {
    TextEncoding found;
    try {
      found = reader.describe(location);
    } catch (InvalidSourceException e) {
      throw new InvalidSourceException("%s: %s".formatted(name, e.getMessage()), e);
    }
    if (!prompts.fits(found)) {
      throw new InvalidSourceException(
          "the text embedding of %s in %s is %s, and the model needs %s"
              .formatted(name, location.name(), found, prompts.needed()));
    }
  }

  /** The embeddings [L, D] of a batch; nothing if its videos have no texts. */
  List<float[]> texts(List<SampleRequest> batch) throws IOException {
    List<float[]> texts = new ArrayList<>();
    for (SampleRequest request : batch) {
      if (request.text().present()) {
        check("'%s'".formatted(request.className()), request.text());
        texts.add(reader.values(request.text()));
      }
    }
    return texts;
  }

  /** The embedding [L, D] that guidance leads away from, if one was named. */
  Optional<float[]> negative() throws IOException {
    if (!prompts.negative().present()) {
      return Optional.empty();
    }
    check("the negative text", prompts.negative());
    return Optional.of(reader.values(prompts.negative()));
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
