package org.latte4j.data.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.latte4j.data.source.Caption;
import org.latte4j.data.text.TextEncoderSettings.Padding;
import org.latte4j.data.text.TextEncoderSettings.TooLong;

/**
 * Texts into the numbers of their tokens, as a {@code tokenizer.json} of Hugging Face's format
 * says. Padding and length are the settings'; what the file says of them is not read.
 *
 * <p>Owns native memory, freed by closing. Not thread-safe.
 */
public final class CaptionTokenizer implements AutoCloseable {
  private static final Map<String, String> OFFLINE =
      Map.of("ai.djl.offline", "true", "OPT_OUT_TRACKING", "true", "RUST_FLAVOR", "cpu");

  private final TextEncoderSettings settings;
  private final HuggingFaceTokenizer whole;
  private final HuggingFaceTokenizer cutting;
  private final long padId;

  private CaptionTokenizer(
      TextEncoderSettings settings,
      HuggingFaceTokenizer whole,
      HuggingFaceTokenizer cutting,
      long padId) {
    this.settings = settings;
    this.whole = whole;
    this.cutting = cutting;
    this.padId = padId;
  }

  /**
   * Reads a tokenizer.
   *
   * @param file a local {@code tokenizer.json}
   * @throws InvalidTextEncoderException if it is none, or lacks the pad token
   */
  public static CaptionTokenizer open(Path file, TextEncoderSettings settings) throws IOException {
    // The library would fetch what its jar lacks, and tell its makers that it is used.
    OFFLINE.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    HuggingFaceTokenizer whole =
        read(file, Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"));
    try {
      String length = Integer.toString(settings.maxTokens());
      HuggingFaceTokenizer cutting =
          read(
              file,
              Map.of(
                  "truncation",
                  "only_first",
                  "padding",
                  "do_not_pad",
                  "maxLength",
                  length,
                  "modelMaxLength",
                  length));
      return new CaptionTokenizer(settings, whole, cutting, padId(file, whole, settings));
    } catch (IOException | RuntimeException e) {
      whole.close();
      throw e;
    }
  }

  private static HuggingFaceTokenizer read(Path file, Map<String, String> options)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return HuggingFaceTokenizer.newInstance(in, options);
    } catch (RuntimeException e) {
      throw new InvalidTextEncoderException(
          "%s is no tokenizer.json of Hugging Face's tokenizers: %s"
              .formatted(file.getFileName(), e.getMessage()),
          e);
    }
  }

  private static long padId(Path file, HuggingFaceTokenizer tokenizer, TextEncoderSettings settings)
      throws InvalidTextEncoderException {
    String token = settings.padToken();
    Encoding encoded = tokenizer.encode(token, false, false);
    boolean known =
        encoded.getIds().length == 1 && encoded.getTokens()[0].equals(token) && !token.isEmpty();
    if (!known) {
      throw new InvalidTextEncoderException(
          "%s has no token '%s' to fill the positions behind short texts with: say which it is with"
                  .formatted(file.getFileName(), token)
              + " --set encode-text.pad-token=TOKEN (CLIP's is <|endoftext|>, T5's <pad>)");
    }
    return encoded.getIds()[0];
  }

  /** What fills the positions behind a text. */
  long padId() {
    return padId;
  }

  /**
   * The tokens of a caption.
   *
   * @throws InvalidTextEncoderException if they are too many and not to be cut
   */
  TokenizedText tokenize(Caption caption) throws InvalidTextEncoderException {
    long[] ids = whole.encode(caption.text(), true, false).getIds();
    boolean cut = ids.length > settings.maxTokens();
    if (cut && settings.tooLong() == TooLong.REFUSE) {
      throw new InvalidTextEncoderException(
          "the text of '%s' has %d tokens, and there is room for %d (encode-text.max-tokens);"
                  .formatted(caption.id(), ids.length, settings.maxTokens())
              + " encode-text.too-long = cut leaves out the last");
    }
    if (cut) {
      ids = cutting.encode(caption.text(), true, false).getIds();
    }
    if (ids.length == 0) {
      throw new InvalidTextEncoderException(
          "the text of '%s' has no tokens, not even one that ends it: its embedding would be empty"
              .formatted(caption.id()));
    }
    int tokens = ids.length;
    return new TokenizedText(
        settings.padding() == Padding.NONE ? ids : padded(ids, settings.maxTokens()), tokens, cut);
  }

  private long[] padded(long[] ids, int length) {
    long[] padded = Arrays.copyOf(ids, length);
    Arrays.fill(padded, ids.length, length, padId);
    return padded;
  }

  @Override
  public void close() {
    whole.close();
    cutting.close();
  }
}
