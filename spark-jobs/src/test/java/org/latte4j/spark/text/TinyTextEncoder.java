package org.latte4j.spark.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.latte4j.data.text.TextEncoderSettings;
import org.latte4j.model.settings.Settings;

/**
 * A tokenizer of eight words and an encoder to go with it. The state of token n is (n, n + 0.5, n +
 * 1, ...).
 */
final class TinyTextEncoder {
  /** Numbers of tokens. */
  static final int START = 0;

  static final int END = 1;
  static final int PAD = 2;
  static final int UNKNOWN = 3;
  static final int A = 4;
  static final int CUP = 5;
  static final int WAVE = 6;
  static final int BREAKS = 7;

  private static final List<String> WORDS =
      List.of("<start>", "<end>", "<pad>", "<unk>", "a", "cup", "wave", "breaks");

  private TinyTextEncoder() {}

  static float[] state(int token, int width) {
    float[] state = new float[width];
    for (int i = 0; i < width; i++) {
      state[i] = token + 0.5f * i;
    }
    return state;
  }

  static Path writeEncoder(Path file, OnnxModel model, int width) throws IOException {
    float[] table = new float[WORDS.size() * width];
    for (int token = 0; token < WORDS.size(); token++) {
      System.arraycopy(state(token, width), 0, table, token * width, width);
    }
    return Files.write(file, model.bytes(table, width));
  }

  /** A word is a token; a text begins and ends with tokens of their own. */
  static Path writeTokenizer(Path file) throws IOException {
    StringBuilder added = new StringBuilder();
    StringBuilder vocabulary = new StringBuilder();
    for (int i = 0; i < WORDS.size(); i++) {
      String separator = i == 0 ? "" : ",";
      vocabulary.append("%s\"%s\":%d".formatted(separator, WORDS.get(i), i));
      if (i < UNKNOWN) {
        added.append(
            "%s{\"id\":%d,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":true}"
                .formatted(separator, i, WORDS.get(i)));
      }
    }
    String special = "\"%1$s\":{\"id\":\"%1$s\",\"ids\":[%2$d],\"tokens\":[\"%1$s\"]}";
    return Files.writeString(
        file,
        """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],
        "normalizer":{"type":"Lowercase"},"pre_tokenizer":{"type":"Whitespace"},
        "post_processor":{"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"<start>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
        {"SpecialToken":{"id":"<end>","type_id":0}}],
        "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
        "special_tokens":{%s,%s}},"decoder":null,
        "model":{"type":"WordLevel","vocab":{%s},"unk_token":"<unk>"}}
        """
            .formatted(
                added,
                special.formatted("<start>", START),
                special.formatted("<end>", END),
                vocabulary));
  }

  /** Settings for texts of six tokens, with some that differ. */
  static Settings settings(Map<String, String> more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "encode-text.max-tokens", "6",
                "encode-text.pad-token", "<pad>",
                "encode-text.precision", "fp32",
                "encode-text.batch-size", "2"));
    settings.putAll(more);
    return Settings.load(List.of(), settings);
  }

  static TextEncoderSettings checked(Map<String, String> more) {
    return TextEncoderSettings.from(settings(more));
  }
}
