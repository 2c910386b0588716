package org.latte4j.spark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.text.InvalidTextEncoderException;
import org.latte4j.data.text.TextFileEncoder;
import org.latte4j.model.settings.SettingsException;

/** What tokenizers and encoders are refused for. */
class TextEncoderTest {
  @TempDir Path folder;
  private Path tokenizer;

  @BeforeEach
  void writeTokenizer() throws IOException {
    tokenizer = TinyTextEncoder.writeTokenizer(folder.resolve("tokenizer.json"));
  }

  @Test
  void anEncoderWithoutIdsIsRefusedWithTheInputsItHas() {
    assertThatThrownBy(() -> open(new OnnxModel().ids("tokens"), Map.of()))
        .isInstanceOf(InvalidTextEncoderException.class)
        .hasMessageContaining("encoder.onnx has no input input_ids: its inputs are [tokens]");
  }

  @Test
  void anOutputThatIsNotThereIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> open(new OnnxModel().output("hidden"), Map.of()))
        .isInstanceOf(InvalidTextEncoderException.class)
        .hasMessageContaining("no output last_hidden_state: its outputs are [hidden]")
        .hasMessageContaining("encode-text.encoder-output");
  }

  @Test
  void aFileThatIsNoEncoderIsNamed() {
    assertThatThrownBy(
            () -> {
              Path text = Files.writeString(folder.resolve("notes.onnx"), "no model");
              TextFileEncoder.open(tokenizer, text, TinyTextEncoder.checked(Map.of()));
            })
        .isInstanceOf(InvalidTextEncoderException.class)
        .hasMessageContaining("ONNX Runtime cannot run notes.onnx");
  }

  @Test
  void aTokenizerWithoutThePadTokenIsRefusedWithTheSetting() {
    assertThatThrownBy(
            () -> open(new OnnxModel(), Map.of("encode-text.pad-token", "<|endoftext|>")))
        .isInstanceOf(InvalidTextEncoderException.class)
        .hasMessageContaining("tokenizer.json has no token '<|endoftext|>'")
        .hasMessageContaining("--set encode-text.pad-token=TOKEN");
  }

  @Test
  void aFileThatIsNoTokenizerIsNamed() throws IOException {
    Files.writeString(tokenizer, "{\"version\":\"1.0\"}");
    assertThatThrownBy(() -> open(new OnnxModel(), Map.of()))
        .isInstanceOf(InvalidTextEncoderException.class)
        .hasMessageContaining("tokenizer.json is no tokenizer.json of Hugging Face's");
  }

  /** Loading ONNX Runtime takes more stack than a thread has: in a process that has not done it. */
  @Test
  void anEncoderOpensOnAnOrdinaryThread() throws Exception {
    TinyTextEncoder.writeEncoder(folder.resolve("encoder.onnx"), new OnnxModel(), 2);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OpensEncoder.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("opened");
  }

  /** Opens tokenizer and encoder of a folder on a thread that is as small as an executor's. */
  static final class OpensEncoder {
    private OpensEncoder() {}

    public static void main(String[] args) throws InterruptedException {
      Path folder = Path.of(args[0]);
      Thread small =
          new Thread(
              null,
              () -> {
                try {
                  TextFileEncoder.open(
                          folder.resolve("tokenizer.json"),
                          folder.resolve("encoder.onnx"),
                          TinyTextEncoder.checked(Map.of()))
                      .close();
                  System.out.println("opened");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              "small",
              1 << 20);
      small.start();
      small.join();
    }
  }

  @Test
  void twoFilesOfOneNameAreRefused() {
    assertThatThrownBy(() -> new TextEncoderFiles("a/model", "b/model", List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("two files are named model");
  }

  private void open(OnnxModel model, Map<String, String> settings) throws IOException {
    Path encoder = TinyTextEncoder.writeEncoder(folder.resolve("encoder.onnx"), model, 2);
    TextFileEncoder.open(tokenizer, encoder, TinyTextEncoder.checked(settings)).close();
  }
}
