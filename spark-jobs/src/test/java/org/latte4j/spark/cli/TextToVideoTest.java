package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.T2vConfiguration;
import org.latte4j.model.latte.T2vLayout;
import org.latte4j.model.parameters.FlatLayout;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;

/** A tiny LatteT2V with its released names: imported, sampled, and run on given tensors. */
class TextToVideoTest {
  private static final int WIDTH = 6;
  private static final LatentShape LATENT = new LatentShape(4, 5, 4, 4);
  private static final T2vConfiguration SIZES = T2vConfiguration.of(1, 16, 2, 2, LATENT, WIDTH);

  @TempDir Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() throws IOException {
    weights = folder.resolve("diffusion_pytorch_model.safetensors");
    List<FlatLayout.Parameter> parameters = new T2vLayout(SIZES).parameters();
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    parameters.forEach(p -> layout.array(p.name(), ElementType.F32, p.sizes()));
    SafetensorsWriter.save(
        weights,
        layout.build(),
        writer -> {
          for (FlatLayout.Parameter parameter : parameters) {
            writer.write(
                parameter.name(), normals(parameter.offset(), (int) parameter.length(), 0.3f));
          }
        });
  }

  @Test
  void whatIsImportedDrawsTextsOfAnyLengthAndFollowsTheNegativeOne() throws IOException {
    Path model = folder.resolve("model");
    succeed(
        "convert",
        "--input",
        weights.toString(),
        "--output",
        model.toString(),
        "--autoencoder",
        "dct-4-3-1",
        "--latent",
        "4x4",
        "--set",
        "model.heads=2",
        "--set",
        "model.frames=4");
    Path texts = folder.resolve("texts.safetensors");
    Map<String, Integer> lengths = new TreeMap<>(Map.of("a cup", 3, "nothing", 5, "waves", 7));
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    lengths.forEach((name, length) -> layout.array(name, ElementType.F32, length, WIDTH));
    SafetensorsWriter.save(
        texts,
        layout.build(),
        writer -> {
          for (Map.Entry<String, Integer> text : lengths.entrySet()) {
            writer.write(text.getKey(), normals(text.getValue(), text.getValue() * WIDTH, 1));
          }
        });
    Map<String, byte[]> away = sample(model, texts, "away", "sample.negative-text=nothing");
    assertThat(away.keySet().stream().map(name -> name.substring(0, 5)).distinct())
        .containsExactly("a_cup", "waves");
    Map<String, byte[]> other = sample(model, texts, "other", "sample.negative-text=waves");
    assertThat(other).anySatisfy((name, bytes) -> assertThat(bytes).isNotEqualTo(away.get(name)));
    CommandLineRun run = run(sampling(model, texts, "unsaid"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("sample.negative-text", "guidance leads away from");
  }

  @Test
  void maskedTokensAreAsIfTheyWereNotThere() throws IOException {
    float[] text = normals(1, 2 * 4 * WIDTH, 1);
    float[] masked = denoise(text, 4, 1, 1, 1, 0, 1, 1, 1, 0);
    float[] shorter = new float[2 * 3 * WIDTH];
    System.arraycopy(text, 0, shorter, 0, 3 * WIDTH);
    System.arraycopy(text, 4 * WIDTH, shorter, 3 * WIDTH, 3 * WIDTH);
    assertThat(denoise(shorter, 3)).isEqualTo(masked);
    assertThat(denoise(text, 4)).isNotEqualTo(masked);
  }

  @Test
  void aModelWithCrossAttentionIsNotTrained() throws IOException {
    CommandLineRun run = run(List.of("estimate", "--set", "model.text=cross-attention"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("model.text", "imported", "not trained");
  }

  private Map<String, byte[]> sample(Path model, Path texts, String to, String setting)
      throws IOException {
    List<String> args = sampling(model, texts, to);
    args.addAll(List.of("--set", setting));
    succeed(args.toArray(new String[0]));
    Map<String, byte[]> pictures = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve(to))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".png")).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          pictures.put(folder.resolve(to).relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return pictures;
  }

  private List<String> sampling(Path model, Path texts, String to) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("sample", "--checkpoint", model.toString(), "--master", "local[1]"));
    args.addAll(List.of("--output", folder.resolve(to).toString()));
    args.addAll(List.of("--text-embeddings", texts.toString()));
    args.addAll(List.of("--set", "sample.steps=2", "--set", "sample.outputs=frames"));
    return args;
  }

  private float[] denoise(float[] text, int length, long... mask) throws IOException {
    Path inputs = folder.resolve("in.safetensors");
    SafetensorsLayout.Builder layout =
        SafetensorsLayout.builder()
            .array("x", ElementType.F32, 2, 4, 5, 4, 4)
            .array("t", ElementType.I64, 2)
            .array("text", ElementType.F32, 2, length, WIDTH);
    if (mask.length > 0) {
      layout.array("mask", ElementType.I64, 2, length);
    }
    SafetensorsWriter.save(
        inputs,
        layout.build(),
        writer -> {
          writer.write("x", normals(2, 2 * LATENT.length(), 1));
          writer.write("t", new long[] {10, 900});
          writer.write("text", text);
          if (mask.length > 0) {
            writer.write("mask", mask);
          }
        });
    Path out = folder.resolve("out.safetensors");
    succeed(
        "denoise",
        "--weights",
        weights.toString(),
        "--inputs",
        inputs.toString(),
        "--output",
        out.toString(),
        "--set",
        "model.heads=2");
    try (WeightSource source = Weights.open(out, Part.MODEL)) {
      return source.floats("out");
    }
  }

  private static void succeed(String... args) {
    CommandLineRun run = run(Arrays.asList(args));
    assertThat(run.status()).as(run.err()).isZero();
  }

  private static CommandLineRun run(List<String> args) {
    return CommandLineRun.of(args.toArray(new String[0]));
  }

  private static float[] normals(long seed, int count, float by) {
    float[] values = new float[count];
    RandomStream.of(seed, Purpose.BENCHMARK, 0).normals(values);
    for (int i = 0; i < count; i++) {
      values[i] *= by;
    }
    return values;
  }
}
