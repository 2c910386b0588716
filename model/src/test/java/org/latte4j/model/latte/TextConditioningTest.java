package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.latte4j.model.Golden.assertRelativelyClose;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.training.LatteLayerConfiguration;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.model.training.StepResult;
import org.nd4j.linalg.api.buffer.DataType;

/** Text that tells what to draw: against a class with the same embedding, and its gradients. */
class TextConditioningTest {
  private static final int D = 8;
  private static final int BATCH = 2;
  private static final int LENGTH = TextConditioning.CLIP.length();
  private static final int[] T = {999, 17};
  private static final String WEIGHT = "text_embedding_projection.1.weight";
  private static final String BIAS = "text_embedding_projection.1.bias";
  private static final LatentShape LATENT = new LatentShape(4, 2, 4, 4);

  private static LatteConfiguration told(Conditioning conditioning) {
    return new LatteConfiguration(
        2,
        D,
        2,
        2,
        LATENT,
        0,
        Architecture.REFERENCE.with(conditioning).with(TextConditioning.CLIP));
  }

  @Test
  void theProjectionHasTheReferencesNamesAndShapes() {
    ParameterLayout layout = new ParameterLayout(told(Conditioning.S_ADALN));
    assertThat(layout.parameter(WEIGHT).sizes()).containsExactly(D, 77 * 768);
    assertThat(layout.parameter(BIAS).sizes()).containsExactly(D);
  }

  @ParameterizedTest
  @EnumSource(Conditioning.class)
  void aTextCountsAsAClassWithItsProjectionForATable(Conditioning conditioning) {
    LatteConfiguration told = told(conditioning);
    LatteConfiguration classes =
        new LatteConfiguration(
            2, D, 2, 2, LATENT, BATCH, Architecture.REFERENCE.with(conditioning));
    float[] parameters = parameters(told);
    float[] text = TinyLatte.normals(5, BATCH * LENGTH, 1);
    float[] table = new float[(BATCH + 1) * D];
    ParameterLayout layout = new ParameterLayout(told);
    int weight = Math.toIntExact(layout.parameter(WEIGHT).offset());
    int bias = Math.toIntExact(layout.parameter(BIAS).offset());
    for (int clip = 0; clip < BATCH; clip++) {
      for (int d = 0; d < D; d++) {
        double sum = parameters[bias + d];
        for (int i = 0; i < LENGTH; i++) {
          double value = text[clip * LENGTH + i];
          sum += parameters[weight + d * LENGTH + i] * value / (1 + Math.exp(-value));
        }
        table[clip * D + d] = (float) sum;
      }
    }
    float[] asClasses = new float[Math.toIntExact(new ParameterLayout(classes).length())];
    for (ParameterLayout.Parameter parameter : new ParameterLayout(classes).parameters()) {
      boolean labels = parameter.name().startsWith("y_embedder");
      System.arraycopy(
          labels ? table : parameters,
          labels ? 0 : Math.toIntExact(layout.parameter(parameter.name()).offset()),
          asClasses,
          Math.toIntExact(parameter.offset()),
          Math.toIntExact(parameter.length()));
    }
    assertRelativelyClose(
        "output", output(told, parameters, text), output(classes, asClasses, new float[0]), 1e-4);
  }

  @ParameterizedTest
  @EnumSource(Conditioning.class)
  void gradientsAreThoseOfCentralDifferences(Conditioning conditioning) {
    LatteConfiguration told = told(conditioning);
    float[] values = parameters(told);
    float[] direction = scaled(told, TinyLatte.normals(4, values.length, 1));
    float[] dOutValues = TinyLatte.normals(3, 2 * BATCH * LATENT.length(), 1);
    double step = 1e-6;
    try (PortableKernels kernels = new PortableKernels(DataType.DOUBLE);
        Arena arena = kernels.arena()) {
      Tensor parameters = arena.allocate(values.length);
      Tensor gradients = arena.allocate(values.length);
      Tensor x = arena.allocate(BATCH * LATENT.length());
      Tensor dOut = arena.allocate(dOutValues.length);
      Tensor text = arena.allocate(BATCH * LENGTH);
      kernels.upload(TinyLatte.normals(2, BATCH * LATENT.length(), 1), x);
      kernels.upload(dOutValues, dOut);
      kernels.upload(TinyLatte.normals(5, BATCH * LENGTH, 1), text);
      try (Latte latte =
          new Latte(kernels, told, LattePlan.training(BATCH), parameters, gradients)) {
        latte.text(text);
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
          double by = side == 0 ? step : -step;
          double[] moved = new double[values.length];
          Arrays.setAll(moved, i -> values[i] + by * direction[i]);
          kernels.upload(moved, parameters);
          double[] out = new double[dOutValues.length];
          kernels.download(latte.forward(x, T, new int[0]), out);
          for (int i = 0; i < out.length; i++) {
            losses[side] += out[i] * dOutValues[i];
          }
        }
        kernels.upload(values, parameters);
        latte.forward(x, T, new int[0]);
        latte.backward(dOut);
        double[] gradient = new double[values.length];
        kernels.download(gradients, gradient);
        double along = 0;
        for (int i = 0; i < gradient.length; i++) {
          along += gradient[i] * direction[i];
        }
        double expected = (losses[0] - losses[1]) / (2 * step);
        assertThat(along).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
        ParameterLayout.Parameter projection = new ParameterLayout(told).parameter(WEIGHT);
        int from = Math.toIntExact(projection.offset());
        assertThat(Arrays.stream(gradient, from, from + LENGTH).map(Math::abs).max().orElseThrow())
            .isGreaterThan(1e-6);
      }
    }
  }

  @Test
  void aTextOfZerosIsNoText() {
    LatteConfiguration told = told(Conditioning.S_ADALN);
    float[] parameters = parameters(told);
    assertThat(output(told, parameters, new float[BATCH * LENGTH]))
        .isEqualTo(output(told, parameters, new float[0]));
  }

  @Test
  void microBatchesGiveEveryClipItsOwnText() {
    LatteConfiguration told = told(Conditioning.S_ADALN);
    float[] start = TinyLatte.normals(6, BATCH * LATENT.length(), 1);
    float[] noise = TinyLatte.normals(7, BATCH * LATENT.length(), 1);
    float[] text = TinyLatte.normals(5, BATCH * LENGTH, 1);
    double[] losses = new double[2];
    for (int microBatch = 1; microBatch <= BATCH; microBatch++) {
      try (LatteTrainer trainer = LatteTrainer.of(told).microBatch(microBatch).build(BATCH)) {
        trainer.parameterVector().write(0, java.nio.FloatBuffer.wrap(parameters(told)));
        StepResult result = trainer.stepWithText(start, noise, T, text);
        losses[microBatch - 1] = result.loss();
        assertThat(result.gradientNorm()).isPositive();
      }
    }
    assertThat(losses[0]).isCloseTo(losses[1], within(1e-5 * losses[1]));
  }

  @Test
  void deeplearning4jsJsonKeepsTheText() {
    LatteConfiguration told = told(Conditioning.ALL_TOKENS);
    try (LatteTrainer trainer = LatteTrainer.of(told).build(1)) {
      String json = trainer.network().getLayerWiseConfigurations().toJson();
      LatteLayerConfiguration layer =
          (LatteLayerConfiguration) MultiLayerConfiguration.fromJson(json).getConf(0).getLayer();
      assertThat(layer.sizes()).isEqualTo(told);
    }
  }

  @Test
  void classesAndImagesBesideTextAreRefused() {
    LatteConfiguration told = told(Conditioning.S_ADALN);
    assertThatThrownBy(() -> new LatteConfiguration(2, D, 2, 2, LATENT, 3, told.architecture()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("told no class");
    assertThatThrownBy(() -> told.checkImages(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("texts of their own");
  }

  private static float[] parameters(LatteConfiguration configuration) {
    return scaled(configuration, TinyLatte.parameters(configuration));
  }

  /** A sum over 59,136 values must not drown everything else. */
  private static float[] scaled(LatteConfiguration configuration, float[] values) {
    ParameterLayout.Parameter projection = new ParameterLayout(configuration).parameter(WEIGHT);
    int from = Math.toIntExact(projection.offset());
    for (int i = from; i < from + projection.length(); i++) {
      values[i] *= 0.01f;
    }
    return values;
  }

  /** Labels are 0, 1, ... where there are classes. */
  private static float[] output(LatteConfiguration configuration, float[] values, float[] text) {
    try (Kernels kernels = VectorKernels.withThreads(1);
        Arena arena = kernels.arena()) {
      Tensor parameters = arena.allocate(values.length);
      Tensor x = arena.allocate(BATCH * LATENT.length());
      kernels.upload(values, parameters);
      kernels.upload(TinyLatte.normals(2, BATCH * LATENT.length(), 1), x);
      try (Latte latte =
          new Latte(kernels, configuration, LattePlan.inference(BATCH), parameters, parameters)) {
        if (text.length > 0) {
          Tensor texts = arena.allocate(text.length);
          kernels.upload(text, texts);
          latte.text(texts);
        }
        int[] y = configuration.conditional() ? new int[] {0, 1} : new int[0];
        float[] out = new float[2 * BATCH * LATENT.length()];
        kernels.download(latte.forward(x, T, y), out);
        return out;
      }
    }
  }
}
