package org.latte4j.data.text;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.latte4j.data.source.Caption;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;

/**
 * Encodes captions into safetensors files: an array [L, D] each, under the caption's name.
 *
 * <p>Owns native memory, freed by closing. Not thread-safe.
 */
public final class TextFileEncoder implements Closeable {
  private final TextEncoderSettings settings;
  private final CaptionTokenizer tokenizer;
  private final TextEncoder encoder;

  private TextFileEncoder(
      TextEncoderSettings settings, CaptionTokenizer tokenizer, TextEncoder encoder) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
  }

  /**
   * What a file holds.
   *
   * @param texts how many
   * @param cut texts whose last tokens were left out
   * @param width D
   */
  public record Content(int texts, int cut, int width) {}

  /**
   * Opens tokenizer and encoder, local files both.
   *
   * @throws InvalidTextEncoderException if one of them is none
   */
  public static TextFileEncoder open(Path tokenizer, Path encoder, TextEncoderSettings settings)
      throws IOException {
    CaptionTokenizer opened = CaptionTokenizer.open(tokenizer, settings);
    try {
      return new TextFileEncoder(settings, opened, TextEncoder.open(encoder, settings));
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Encodes captions and writes a whole file.
   *
   * @param captions at least one
   * @throws InvalidTextEncoderException if one cannot be encoded
   */
  public Content encode(List<Caption> captions, OutputStream out) throws IOException {
    List<TokenizedText> texts = new ArrayList<>();
    for (Caption caption : captions) {
      texts.add(tokenizer.tokenize(caption));
    }
    List<float[]> batch = encoder.encode(batch(texts, 0), tokenizer.padId());
    int width = batch.get(0).length / rows(texts.get(0));
    SafetensorsWriter writer = new SafetensorsWriter(out, layout(captions, texts, width));
    for (int i = 0; i < captions.size(); i++) {
      int place = i % settings.batchSize();
      if (place == 0 && i > 0) {
        batch = encoder.encode(batch(texts, i), tokenizer.padId());
      }
      writer.write(captions.get(i).id(), batch.get(place));
    }
    writer.finish();
    int cut = (int) texts.stream().filter(TokenizedText::cut).count();
    return new Content(texts.size(), cut, width);
  }

  private List<TokenizedText> batch(List<TokenizedText> texts, int from) {
    return texts.subList(from, Math.min(texts.size(), from + settings.batchSize()));
  }

  private SafetensorsLayout layout(List<Caption> captions, List<TokenizedText> texts, int width) {
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    for (int i = 0; i < captions.size(); i++) {
      layout.array(captions.get(i).id(), settings.precision().type(), rows(texts.get(i)), width);
    }
    return layout.build();
  }

  /** L: without padding the ids are the text's tokens alone. */
  private static int rows(TokenizedText text) {
    return text.ids().length;
  }

  @Override
  public void close() throws IOException {
    tokenizer.close();
    encoder.close();
  }
}
