package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.latte4j.spark.start.MadeWeights;

/** {@code denoise} with a tiny network that is told texts. */
class DenoiseWithTextTest {
  private static final LatentShape LATENT = new LatentShape(2, 4, 4, 4);
  private static final int BATCH = 2;
  private static final int TEXT = TextConditioning.CLIP.length();

  @TempDir Path folder;
  private Path weights;
  private float[] text;

  @BeforeEach
  void make() throws IOException {
    LatteConfiguration told =
        new LatteConfiguration(
            2, 8, 2, 2, LATENT, 0, Architecture.REFERENCE.with(TextConditioning.CLIP));
    weights = MadeWeights.latte(told).safetensors(folder.resolve("w.safetensors"));
    text = normals(3, BATCH * TEXT);
  }

  @Test
  void guidanceGoesFromNoTextPastTheText() throws IOException {
    float[] with = denoise(text);
    float[] without = denoise(new float[text.length]);
    float[] guided = denoise(text, "--guidance", "3");
    int frame = LATENT.frameLength();
    assertThat(Golden.largestDifference(with, without)).isGreaterThan(1e-3);
    for (int i = 0; i < guided.length; i++) {
      boolean noise = i / frame % 2 == 0;
      float expected = noise ? without[i] + 3 * (with[i] - without[i]) : with[i];
      assertThat(guided[i]).isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-4f));
    }
  }

  @Test
  void everyClipFollowsItsOwnText() throws IOException {
    float[] both = denoise(text);
    System.arraycopy(text, 0, text, TEXT, TEXT);
    float[] first = denoise(text);
    int half = both.length / 2;
    assertThat(Arrays.copyOf(first, half)).isEqualTo(Arrays.copyOf(both, half));
    assertThat(Arrays.copyOfRange(first, half, 2 * half))
        .isNotEqualTo(Arrays.copyOfRange(both, half, 2 * half));
  }

  @Test
  void aMissingTextIsBadInput() throws IOException {
    CommandLineRun run = run(inputs(new float[0]));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("lacks the tensor text [B, 77, 768]");
  }

  private float[] denoise(float[] texts, String... more) throws IOException {
    CommandLineRun run = run(inputs(texts), more);
    assertThat(run.status()).as(run.err()).isZero();
    try (WeightSource out = Weights.open(folder.resolve("out.safetensors"), Part.MODEL)) {
      return out.floats("out");
    }
  }

  private CommandLineRun run(Path inputs, String... more) {
    List<String> args = new ArrayList<>(List.of("denoise", "--weights", weights.toString()));
    args.addAll(List.of("--inputs", inputs.toString(), "--set", "model.heads=2"));
    args.addAll(List.of("--output", folder.resolve("out.safetensors").toString()));
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(new String[0]));
  }

  private Path inputs(float[] texts) throws IOException {
    Path file = folder.resolve("in.safetensors");
    SafetensorsLayout.Builder layout =
        SafetensorsLayout.builder()
            .array("t", ElementType.I64, BATCH)
            .array(
                "x",
                ElementType.F32,
                BATCH,
                LATENT.frames(),
                LATENT.channels(),
                LATENT.height(),
                LATENT.width());
    if (texts.length > 0) {
      layout.array("text", ElementType.F32, BATCH, TextConditioning.TOKENS, TextConditioning.WIDTH);
    }
    SafetensorsWriter.save(
        file,
        layout.build(),
        writer -> {
          writer.write("t", new long[] {10, 700});
          writer.write("x", normals(1, BATCH * LATENT.length()));
          if (texts.length > 0) {
            writer.write("text", texts);
          }
        });
    return file;
  }

  private static float[] normals(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
