package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.autoencoder.DiffusersVaeLayout.AttentionNames;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;
import org.nd4j.linalg.api.buffer.DataType;

class AutoencoderKlTest {
  private static final Offset<Float> TOLERANCE = Offset.offset(1e-4f);
  private static final MemoryWeights FIXTURE = TinyVae.fixture();

  static Stream<Named<Supplier<Kernels>>> kernels() {
    return Stream.of(
        Named.of("portable", () -> new PortableKernels(DataType.FLOAT)),
        Named.of("vector", () -> VectorKernels.withThreads(1)));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void momentsAreTheReferences(Supplier<Kernels> kernels) throws IOException {
    try (AutoencoderKl autoencoder = open(kernels)) {
      float[] moments = autoencoder.encode(FIXTURE.floats("x"), 2, 32, 32);
      assertThat(means(moments, 2)).containsExactly(FIXTURE.floats("mean"), TOLERANCE);
      assertThat(logVariances(moments, 2)).containsExactly(FIXTURE.floats("logvar"), TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void decodedImagesAreTheReferences(Supplier<Kernels> kernels) throws IOException {
    try (AutoencoderKl autoencoder = open(kernels)) {
      assertThat(autoencoder.decode(FIXTURE.floats("sample"), 2, 16, 16))
          .containsExactly(FIXTURE.floats("decoded"), TOLERANCE);
      float[] unscaled = FIXTURE.floats("latent_scaled").clone();
      for (int i = 0; i < unscaled.length; i++) {
        unscaled[i] /= (float) autoencoder.scalingFactor();
      }
      assertThat(autoencoder.decode(unscaled, 2, 16, 16))
          .containsExactly(FIXTURE.floats("decoded_from_scaled"), TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void rectangularImagesAreTheReferences(Supplier<Kernels> kernels) throws IOException {
    try (AutoencoderKl autoencoder = open(kernels)) {
      float[] moments = autoencoder.encode(FIXTURE.floats("rect_x"), 1, 24, 40);
      assertThat(means(moments, 1)).containsExactly(FIXTURE.floats("rect_mean"), TOLERANCE);
      assertThat(logVariances(moments, 1))
          .containsExactly(FIXTURE.floats("rect_logvar"), TOLERANCE);
      assertThat(autoencoder.decode(FIXTURE.floats("rect_mean"), 1, 12, 20))
          .containsExactly(FIXTURE.floats("rect_decoded"), TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void stagesOfTheEncoderAreTheReferences(Supplier<Kernels> kernels) throws IOException {
    try (Kernels own = kernels.get();
        Arena weights = own.arena();
        Activations activations = new Activations(own)) {
      Map<String, Tensor> parameters =
          KlParameters.read(TinyVae.weights(), TinyVae.CONFIG, own, weights);
      Encoder encoder = new Encoder(own, ParameterScope.of(parameters), TinyVae.CONFIG);
      Tensor x = activations.borrow(2, 3, 32, 32);
      own.upload(FIXTURE.floats("x"), x);
      List<String> stages =
          List.of("enc_after_conv_in", "enc_after_down0", "enc_after_down1", "enc_after_mid");
      for (int i = 0; i < stages.size(); i++) {
        Tensor y = encoder.layers().get(i).forward(x, activations);
        activations.giveBack(x);
        x = y;
        float[] values = new float[(int) y.length()];
        own.download(y, values);
        assertThat(values)
            .as(stages.get(i))
            .containsExactly(FIXTURE.floats(stages.get(i)), TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void legacyAttentionNamesGiveTheSameBits(Supplier<Kernels> kernels) throws IOException {
    MemoryWeights legacy = TinyVae.weights().renamed(AttentionNames.LEGACY::ofCurrent);
    assertThat(legacy.names()).contains("decoder.mid_block.attentions.0.proj_attn.bias");
    try (AutoencoderKl current = open(kernels);
        AutoencoderKl renamed = AutoencoderKl.load(TinyVae.CONFIG, legacy, "legacy", kernels)) {
      assertThat(renamed.encode(FIXTURE.floats("rect_x"), 1, 24, 40))
          .isEqualTo(current.encode(FIXTURE.floats("rect_x"), 1, 24, 40));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void imageHasTheSameBitsInEveryBatchAndAfterEveryOtherSize(Supplier<Kernels> kernels)
      throws IOException {
    float[] images = FIXTURE.floats("x");
    float[] second = Arrays.copyOfRange(images, images.length / 2, images.length);
    try (AutoencoderKl autoencoder = open(kernels)) {
      float[] alone = autoencoder.encode(second, 1, 32, 32);
      autoencoder.encode(FIXTURE.floats("rect_x"), 1, 24, 40);
      float[] both = autoencoder.encode(images, 2, 32, 32);
      assertThat(Arrays.copyOfRange(both, both.length / 2, both.length)).isEqualTo(alone);
    }
  }

  @Test
  void numberOfThreadsDoesNotChangeABit() throws IOException {
    try (AutoencoderKl one = open(() -> VectorKernels.withThreads(1));
        AutoencoderKl three = open(() -> VectorKernels.withThreads(3))) {
      float[] moments = one.encode(FIXTURE.floats("rect_x"), 1, 24, 40);
      assertThat(three.encode(FIXTURE.floats("rect_x"), 1, 24, 40)).isEqualTo(moments);
      assertThat(three.decode(FIXTURE.floats("rect_mean"), 1, 12, 20))
          .isEqualTo(one.decode(FIXTURE.floats("rect_mean"), 1, 12, 20));
    }
  }

  @Test
  void memoryIsReusedFromCallToCall() throws IOException {
    float[] image = Images.gradient(16, 16);
    float[] latents = new float[4 * 8 * 8];
    try (AutoencoderKl autoencoder = open(() -> new PortableKernels(DataType.FLOAT))) {
      autoencoder.encode(image, 1, 16, 16);
      autoencoder.decode(latents, 1, 8, 8);
      long bytes = autoencoder.activationBytes();
      autoencoder.encode(image, 1, 16, 16);
      autoencoder.decode(latents, 1, 8, 8);
      assertThat(autoencoder.activationBytes()).isEqualTo(bytes);
      // The image and at most four of the largest, the decoder's [64, 16, 16].
      assertThat(bytes).isLessThanOrEqualTo((3 + 4 * 64) * 16 * 16 * Float.BYTES);
    }
  }

  @Test
  void sidesThatAreNotMultiplesOfTheFactorAreRefused() throws IOException {
    try (AutoencoderKl autoencoder = open(() -> new PortableKernels(DataType.FLOAT))) {
      assertThatThrownBy(() -> autoencoder.encode(new float[3 * 32 * 33], 1, 32, 33))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("32 x 33")
          .hasMessageContaining("multiples of 2");
    }
  }

  @Test
  void arrayOfAnotherLengthIsRefused() throws IOException {
    try (AutoencoderKl autoencoder = open(() -> new PortableKernels(DataType.FLOAT))) {
      assertThatThrownBy(() -> autoencoder.decode(new float[4], 1, 2, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("latents to decode: 4 values given, but [1, 4, 2, 2] needs 16");
    }
  }

  @Test
  void closedAutoencoderRefusesWorkAndMayBeClosedAgain() throws IOException {
    AutoencoderKl autoencoder = open(() -> new PortableKernels(DataType.FLOAT));
    autoencoder.close();
    autoencoder.close();
    assertThatThrownBy(() -> autoencoder.decode(new float[16], 1, 2, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this autoencoder is closed");
  }

  private static AutoencoderKl open(Supplier<Kernels> kernels) throws IOException {
    return AutoencoderKl.open(TinyVae.folder(), kernels);
  }

  private static float[] means(float[] moments, int batch) {
    return halves(moments, batch, 0);
  }

  private static float[] logVariances(float[] moments, int batch) {
    return halves(moments, batch, 1);
  }

  private static float[] halves(float[] moments, int batch, int half) {
    int length = moments.length / (2 * batch);
    float[] values = new float[batch * length];
    for (int image = 0; image < batch; image++) {
      System.arraycopy(moments, (2 * image + half) * length, values, image * length, length);
    }
    return values;
  }
}
