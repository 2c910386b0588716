package org.latte4j.spark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.spark.text.TinyTextEncoder.A;
import static org.latte4j.spark.text.TinyTextEncoder.BREAKS;
import static org.latte4j.spark.text.TinyTextEncoder.CUP;
import static org.latte4j.spark.text.TinyTextEncoder.END;
import static org.latte4j.spark.text.TinyTextEncoder.PAD;
import static org.latte4j.spark.text.TinyTextEncoder.START;
import static org.latte4j.spark.text.TinyTextEncoder.UNKNOWN;
import static org.latte4j.spark.text.TinyTextEncoder.WAVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.encode.TextReader;
import org.latte4j.data.source.InvalidSourceException;
import org.latte4j.data.source.TextEmbeddings;
import org.latte4j.data.source.TextLocation;
import org.latte4j.data.text.InvalidTextEncoderException;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.LocalSpark;

/** Captions through a tokenizer and an encoder made by hand, on local Spark. */
class EncodeTextJobTest {
  private static final int WIDTH = 3;

  @TempDir static Path shared;
  private static JavaSparkContext spark;
  private static Path tokenizer;
  private static Path encoder;
  private static Path maskedEncoder;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start("local[2]");
    tokenizer = TinyTextEncoder.writeTokenizer(shared.resolve("tokenizer.json"));
    encoder = TinyTextEncoder.writeEncoder(shared.resolve("encoder.onnx"), new OnnxModel(), WIDTH);
    maskedEncoder =
        TinyTextEncoder.writeEncoder(
            shared.resolve("masked.onnx"), new OnnxModel().masked(), WIDTH);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void textsBecomeTheStatesOfTheirTokensAndOfWhatFillsThem() throws IOException {
    EncodeTextJob.Result result = encode(lines("A cup", "a wave breaks"), Map.of());
    assertThat(result.doneBefore()).isFalse();
    assertThat(result.texts().texts()).isEqualTo(2);
    assertThat(result.texts().width()).isEqualTo(WIDTH);
    assertThat(embedding("A cup")).isEqualTo(states(START, A, CUP, END, PAD, PAD));
    assertThat(embedding("a wave breaks")).isEqualTo(states(START, A, WAVE, BREAKS, END, PAD));
  }

  @Test
  void longTextsKeepTheTokenThatEndsThemAndAreCounted() throws IOException {
    EncodeTextJob.Result result = encode(lines("a cup a cup a cup", "a", "it breaks"), Map.of());
    assertThat(result.texts().cut()).isEqualTo(1);
    assertThat(embedding("a cup a cup a cup")).isEqualTo(states(START, A, CUP, A, CUP, END));
    assertThat(embedding("it breaks")).isEqualTo(states(START, UNKNOWN, BREAKS, END, PAD, PAD));
  }

  @Test
  void longTextsAreRefusedByNameIfAsked() throws IOException {
    Path input = lines("a", "a cup a cup a cup");
    assertThatThrownBy(() -> encode(input, Map.of("encode-text.too-long", "refuse")))
        .isInstanceOf(InvalidTextEncoderException.class)
        .hasMessageContaining("'a cup a cup a cup' has 8 tokens, and there is room for 6");
    assertThat(folder.resolve("texts/texts.jsonl")).doesNotExist();
  }

  @Test
  void captionsOfAListAreNamedAfterTheirVideos() throws IOException {
    Path list =
        Files.writeString(
            folder.resolve("videos.csv"),
            "path,label,caption\nCup/1.mp4,Cup,\"a, cup\"\nSea/2.mp4,Sea,wave\nSea/3.mp4,Sea,\n");
    EncodeTextJob.Result result = encode(list, Map.of());
    assertThat(result.texts().empty()).isEqualTo(1);
    assertThat(embeddings().keySet()).containsExactly("Cup/1.mp4", "Sea/2.mp4", "Sea/3.mp4");
    assertThat(embedding("Sea/3.mp4")).isEqualTo(states(START, END, PAD, PAD, PAD, PAD));
  }

  @Test
  void filesHoldAsManyTextsAsToldWhateverTheBatches() throws IOException {
    String[] texts = {"a", "cup", "a wave", "a wave breaks", "breaks"};
    encode(lines(texts), Map.of("encode-text.texts-per-file", "2"));
    try (Stream<Path> files = Files.list(folder.resolve("texts"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> !n.startsWith(".")))
          .containsExactlyInAnyOrder(
              "texts-00000-of-00003.safetensors",
              "texts-00001-of-00003.safetensors",
              "texts-00002-of-00003.safetensors",
              "texts.jsonl",
              "_texts.json");
    }
    assertThat(embeddings().keySet()).containsExactly(texts);
    assertThat(embedding("a wave breaks")).isEqualTo(states(START, A, WAVE, BREAKS, END, PAD));
    assertThat(embedding("breaks")).isEqualTo(states(START, BREAKS, END, PAD, PAD, PAD));
  }

  @Test
  void withoutPaddingATextHasItsOwnTokensAlone() throws IOException {
    Map<String, String> settings = Map.of("encode-text.padding", "none");
    encode(lines("a cup", "a"), settings);
    assertThat(embedding("a cup")).isEqualTo(states(START, A, CUP, END));
    assertThat(embedding("a")).isEqualTo(states(START, A, END));
  }

  @Test
  void anEncoderWithAMaskHearsTheTextAloneIfAsked() throws IOException {
    Path input = lines("a cup", "a wave breaks");
    encode(maskedEncoder, input, Map.of());
    assertThat(embedding("a cup")).isEqualTo(states(START, A, CUP, END, PAD, PAD));
    folder = folder.resolve("tokens");
    encode(maskedEncoder, input, Map.of("encode-text.mask", "tokens"));
    float[] expected = states(START, A, CUP, END, PAD, PAD);
    Arrays.fill(expected, 4 * WIDTH, 6 * WIDTH, 0);
    assertThat(embedding("a cup")).isEqualTo(expected);
    folder = folder.resolve("none");
    encode(
        maskedEncoder, input, Map.of("encode-text.mask", "tokens", "encode-text.padding", "none"));
    assertThat(embedding("a cup")).isEqualTo(states(START, A, CUP, END));
  }

  @Test
  void aFinishedJobDoesNothingAndOtherCaptionsAreRefused() throws IOException {
    Path input = lines("a cup");
    EncodeTextJob.Result first = encode(input, Map.of());
    Files.delete(folder.resolve("texts/texts-00000-of-00001.safetensors"));
    EncodeTextJob.Result again = encode(input, Map.of("encode-text.threads", "2"));
    assertThat(again.doneBefore()).isTrue();
    assertThat(again.texts()).isEqualTo(first.texts());
    Path other = lines("a wave");
    assertThatThrownBy(() -> encode(other, Map.of("encode-text.max-tokens", "7")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("other captions, encode-text.max-tokens")
        .hasMessageContaining("name another folder");
  }

  @Test
  void aTextThatIsThereTwiceIsNamedWithBothLines() throws IOException {
    Path input = lines("a cup", "a wave", "a cup");
    assertThatThrownBy(() -> encode(input, Map.of()))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContaining(":3: 'a cup' is named in line 1 already");
  }

  private Path lines(String... texts) throws IOException {
    return Files.write(folder.resolve("captions.txt"), List.of(texts));
  }

  private EncodeTextJob.Result encode(Path input, Map<String, String> settings) throws IOException {
    return encode(encoder, input, settings);
  }

  private EncodeTextJob.Result encode(Path model, Path input, Map<String, String> settings)
      throws IOException {
    return new EncodeTextJob(
            spark,
            TinyTextEncoder.settings(settings),
            new TextEncoderFiles(tokenizer.toString(), model.toString(), List.of()),
            input.toString(),
            folder.resolve("texts").toString())
        .execute();
  }

  /** As the settings read the folder. */
  private Map<String, TextLocation> embeddings() throws IOException {
    return TextEmbeddings.read(
            new org.apache.hadoop.fs.Path(folder.resolve("texts").toUri()),
            "a setting",
            new Configuration())
        .byName();
  }

  private float[] embedding(String name) throws IOException {
    try (TextReader reader = new TextReader(new Configuration())) {
      return reader.values(embeddings().get(name));
    }
  }

  private static float[] states(int... tokens) {
    float[] states = new float[tokens.length * WIDTH];
    for (int i = 0; i < tokens.length; i++) {
      System.arraycopy(TinyTextEncoder.state(tokens[i], WIDTH), 0, states, i * WIDTH, WIDTH);
    }
    return states;
  }
}
