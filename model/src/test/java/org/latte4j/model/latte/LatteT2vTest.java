package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.Golden.assertRelativelyClose;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.parameters.FlatLayout;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.nd4j.linalg.api.buffer.DataType;

/** The released text-to-video model against {@link PlainT2v}, at a tiny size. */
class LatteT2vTest {
  private static final int WIDTH = 5;
  private static final LatentShape LATENT = new LatentShape(3, 2, 4, 6);
  private static final T2vConfiguration TINY = T2vConfiguration.of(2, 16, 2, 2, LATENT, WIDTH);
  private static final int[] T = {999, 17};

  @TempDir Path folder;

  static Stream<Kernels> kernels() {
    return Stream.of(
        VectorKernels.withThreads(1),
        VectorKernels.withThreads(2),
        new PortableKernels(DataType.FLOAT));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void theModelComputesWhatAPlainImplementationDoes(Kernels kernels) throws IOException {
    compare(kernels, TINY);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aSingleFrameHasNoTemporalPosition(Kernels kernels) throws IOException {
    compare(kernels, T2vConfiguration.of(1, 16, 2, 2, new LatentShape(1, 2, 4, 4), WIDTH));
  }

  private void compare(Kernels kernels, T2vConfiguration sizes) throws IOException {
    int length = sizes.network().latent().length();
    float[] x = normals(1, 2 * length);
    List<float[]> texts = List.of(normals(2, 3 * WIDTH), normals(3, 7 * WIDTH));
    Map<String, float[]> weights = weights(sizes);
    float[] out = new float[2 * x.length];
    try (kernels;
        T2vDenoiser denoiser = new T2vDenoiser(kernels, sizes, source(weights, sizes))) {
      denoiser.texts(texts);
      denoiser.denoise(x, T, new int[] {0, 1}, out);
    }
    PlainT2v plain = new PlainT2v(sizes, weights);
    for (int clip = 0; clip < 2; clip++) {
      float[] own = Arrays.copyOfRange(x, clip * length, (clip + 1) * length);
      assertRelativelyClose(
          "clip " + clip,
          Arrays.copyOfRange(out, 2 * clip * length, 2 * (clip + 1) * length),
          plain.forward(own, T[clip], texts.get(clip)),
          2e-5);
    }
  }

  @Test
  void aClipDoesNotDependOnTheOthersOfItsBatch() throws IOException {
    float[] x = normals(1, 2 * LATENT.length());
    List<float[]> texts = List.of(normals(2, 3 * WIDTH), normals(3, 40 * WIDTH));
    try (Kernels kernels = VectorKernels.withThreads(1);
        T2vDenoiser denoiser = new T2vDenoiser(kernels, TINY, source(weights(TINY), TINY))) {
      denoiser.texts(texts);
      float[] both = new float[2 * x.length];
      denoiser.denoise(x, T, new int[] {0, 1}, both);
      float[] alone = new float[x.length];
      denoiser.denoise(Arrays.copyOf(x, LATENT.length()), new int[] {T[0]}, new int[] {0}, alone);
      assertThat(alone).isEqualTo(Arrays.copyOf(both, x.length));
    }
  }

  @Test
  void theNegativeTextIsCutToTheLengthOfTheTextThatItGoesWith() throws IOException {
    float[] clip = normals(1, LATENT.length());
    float[] x = Arrays.copyOf(clip, 2 * clip.length);
    System.arraycopy(clip, 0, x, clip.length, clip.length);
    int[] t = {500, 500};
    float[] text = normals(2, 3 * WIDTH);
    float[] negative = normals(3, 7 * WIDTH);
    try (Kernels kernels = VectorKernels.withThreads(1);
        T2vDenoiser denoiser = new T2vDenoiser(kernels, TINY, source(weights(TINY), TINY))) {
      denoiser.texts(List.of(text, Arrays.copyOf(negative, text.length)));
      float[] expected = new float[2 * x.length];
      denoiser.denoise(x, t, new int[] {0, 1}, expected);
      denoiser.negative(negative);
      float[] guided = new float[2 * x.length];
      denoiser.denoise(x, t, new int[] {0, ToldDenoiser.NO_TEXT}, guided);
      assertThat(guided).isEqualTo(expected);
    }
  }

  @Test
  void theReleasedModelHasItsNamesAndCount() {
    T2vLayout layout = new T2vLayout(T2vConfiguration.RELEASED);
    assertThat(layout.length()).isEqualTo(1_057_246_880L);
    assertThat(layout.parameters())
        .extracting(FlatLayout.Parameter::name)
        .doesNotHaveDuplicates()
        .contains(
            "pos_embed.proj.weight",
            "adaln_single.emb.timestep_embedder.linear_2.bias",
            "adaln_single.linear.weight",
            "caption_projection.linear_1.weight",
            "transformer_blocks.27.scale_shift_table",
            "transformer_blocks.27.attn1.to_k.bias",
            "transformer_blocks.27.attn2.to_out.0.weight",
            "transformer_blocks.0.ff.net.0.proj.weight",
            "temporal_transformer_blocks.27.attn1.to_q.weight",
            "temporal_transformer_blocks.27.ff.net.2.bias",
            "scale_shift_table",
            "proj_out.weight");
    assertThat(layout.parameters())
        .filteredOn(parameter -> parameter.name().equals("caption_projection.linear_1.weight"))
        .first()
        .satisfies(parameter -> assertThat(parameter.sizes()).containsExactly(1152, 4096));
  }

  @Test
  void sizesAreReadFromTheWeights() throws IOException {
    try (WeightSource source = source(weights(TINY), TINY)) {
      assertThat(T2vWeights.areIn(source)).isTrue();
      assertThat(T2vWeights.sizes(source, 2, 3, 4, 6)).isEqualTo(TINY);
    }
  }

  @Test
  void whatIsMissingAndWhatIsTooMuchIsNamed() throws IOException {
    Map<String, float[]> weights = weights(TINY);
    weights.remove("transformer_blocks.1.attn2.to_k.bias");
    weights.put("transformer_blocks.1.norm2.weight", new float[16]);
    weights.put("caption_projection.y_embedding", new float[16]);
    try (WeightSource source = source(weights, TINY)) {
      assertThatThrownBy(() -> T2vWeights.check(source, TINY))
          .isInstanceOf(WeightFormatException.class)
          .hasMessageContaining("it lacks transformer_blocks.1.attn2.to_k.bias,")
          .hasMessageContaining("holds transformer_blocks.1.norm2.weight, which");
    }
  }

  @Test
  void otherArchitecturesAreRefused() {
    LatteConfiguration other =
        TINY.network().with(TINY.network().architecture().with(TemporalPosition.ROPE));
    assertThatThrownBy(() -> new T2vConfiguration(other, WIDTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LatteT2V comes in one architecture");
    assertThatThrownBy(() -> new ParameterLayout(TINY.network()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cross-attention");
  }

  private static Map<String, float[]> weights(T2vConfiguration sizes) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    long seed = 10;
    for (FlatLayout.Parameter parameter : new T2vLayout(sizes).parameters()) {
      float[] values = normals(seed++, Math.toIntExact(parameter.length()));
      for (int i = 0; i < values.length; i++) {
        values[i] *= 0.3f;
      }
      weights.put(parameter.name(), values);
    }
    return weights;
  }

  /** A file with the weights; what the model does not have is one-dimensional. */
  private WeightSource source(Map<String, float[]> weights, T2vConfiguration sizes)
      throws IOException {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (FlatLayout.Parameter parameter : new T2vLayout(sizes).parameters()) {
      shapes.put(parameter.name(), parameter.sizes());
    }
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder();
    weights.forEach(
        (name, values) ->
            layout.array(
                name, ElementType.F32, shapes.getOrDefault(name, new int[] {values.length})));
    Path file = folder.resolve("t2v.safetensors");
    SafetensorsWriter.save(
        file,
        layout.build(),
        writer -> {
          for (Map.Entry<String, float[]> weight : weights.entrySet()) {
            writer.write(weight.getKey(), weight.getValue());
          }
        });
    return Weights.open(file, Part.MODEL);
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
