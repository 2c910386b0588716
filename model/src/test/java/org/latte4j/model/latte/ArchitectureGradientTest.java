package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.latte4j.model.Golden.assertRelativelyClose;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.latte.LattePlan.Purpose;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Gradients of every architecture: in float64 against central differences, on the fast kernels
 * against those in float64.
 */
class ArchitectureGradientTest {
  private static final int IMAGES = 3;
  private static final double STEP = 1e-6;

  /** Uniform frames are checked with images: without, there is one group of rows less. */
  static List<Architecture> architecturesForImages() {
    return TinyLatte.architecturesForImages();
  }

  static List<Architecture> compressedArchitectures() {
    return TinyLatte.architectures().stream().filter(a -> a.temporalStride() > 1).toList();
  }

  @ParameterizedTest
  @MethodSource("compressedArchitectures")
  void gradientsOnBothKernelsAreThoseOfCentralDifferences(Architecture architecture) {
    checkGradients(TinyLatte.of(architecture), 0);
  }

  @ParameterizedTest
  @MethodSource("architecturesForImages")
  void gradientsWithImagesOnBothKernelsAreThoseOfCentralDifferences(Architecture architecture) {
    checkGradients(TinyLatte.of(architecture), IMAGES);
  }

  @ParameterizedTest
  @EnumSource(Conditioning.class)
  void gradientsWithoutClassesAreThoseOfCentralDifferences(Conditioning conditioning) {
    checkGradients(TinyLatte.withoutClasses(Architecture.REFERENCE.with(conditioning)), IMAGES);
  }

  @ParameterizedTest
  @MethodSource("architecturesForImages")
  void checkpointingGivesTheSameGradientsToTheBit(Architecture architecture) {
    LatteConfiguration configuration = TinyLatte.deep(architecture);
    try (Kernels kernels = VectorKernels.withThreads(2)) {
      Pass whole = pass(kernels, configuration, IMAGES, Purpose.TRAINING);
      Pass checkpointed = pass(kernels, configuration, IMAGES, Purpose.CHECKPOINTED_TRAINING);
      assertThat(checkpointed.out()).isEqualTo(whole.out());
      assertThat(checkpointed.gradient()).isEqualTo(whole.gradient());
      assertThat(checkpointed.bytes()).isLessThan(whole.bytes());
    }
  }

  @ParameterizedTest
  @MethodSource("architecturesForImages")
  void inferenceGivesTheOutputsOfTraining(Architecture architecture) {
    LatteConfiguration configuration = TinyLatte.deep(architecture);
    try (Kernels kernels = VectorKernels.withThreads(1)) {
      Pass whole = pass(kernels, configuration, IMAGES, Purpose.TRAINING);
      Pass inference = pass(kernels, configuration, IMAGES, Purpose.INFERENCE);
      assertThat(inference.out()).isEqualTo(whole.out());
    }
  }

  private record Pass(float[] out, float[] gradient, long bytes) {}

  private static Pass pass(
      Kernels kernels, LatteConfiguration configuration, int images, Purpose purpose) {
    TinyLatte.Inputs inputs = TinyLatte.Inputs.of(configuration, images);
    float[] values = TinyLatte.parameters(configuration);
    LattePlan plan = new LattePlan(TinyLatte.BATCH, images, purpose);
    try (Arena arena = kernels.arena()) {
      Tensor parameters = arena.allocate(values.length);
      Tensor gradients = arena.allocate(values.length);
      kernels.upload(values, parameters);
      try (Latte latte = new Latte(kernels, configuration, plan, parameters, gradients)) {
        Tensor x = arena.allocate(inputs.x().length);
        kernels.upload(inputs.x(), x);
        float[] out = new float[inputs.dOut().length];
        kernels.download(latte.forward(x, inputs.t(), inputs.y(), inputs.imageY()), out);
        if (purpose != Purpose.INFERENCE) {
          Tensor dOut = arena.allocate(out.length);
          kernels.upload(inputs.dOut(), dOut);
          latte.backward(dOut);
        }
        float[] gradient = new float[values.length];
        kernels.download(gradients, gradient);
        return new Pass(out, gradient, latte.bytes());
      }
    }
  }

  private static void assertVectorKernelsGiveTheSame(
      LatteConfiguration configuration, int images, double[] gradient) {
    try (Kernels kernels = VectorKernels.withThreads(2)) {
      float[] actual = pass(kernels, configuration, images, Purpose.TRAINING).gradient();
      for (ParameterLayout.Parameter parameter : new ParameterLayout(configuration).parameters()) {
        int from = Math.toIntExact(parameter.offset());
        int to = from + Math.toIntExact(parameter.length());
        float[] expected = new float[to - from];
        for (int i = from; i < to; i++) {
          expected[i - from] = (float) gradient[i];
        }
        assertRelativelyClose(
            parameter.name(), Arrays.copyOfRange(actual, from, to), expected, 2e-4);
      }
    }
  }

  /** The derivative along a random direction of all parameters. */
  private static void checkGradients(LatteConfiguration configuration, int images) {
    TinyLatte.Inputs inputs = TinyLatte.Inputs.of(configuration, images);
    float[] values = TinyLatte.parameters(configuration);
    float[] direction = TinyLatte.normals(4, values.length, 1);
    LattePlan plan = LattePlan.training(TinyLatte.BATCH).withImages(images);
    try (PortableKernels kernels = new PortableKernels(DataType.DOUBLE);
        Arena arena = kernels.arena()) {
      Tensor parameters = arena.allocate(values.length);
      Tensor gradients = arena.allocate(values.length);
      try (Latte latte = new Latte(kernels, configuration, plan, parameters, gradients)) {
        Tensor x = arena.allocate(inputs.x().length);
        Tensor dOut = arena.allocate(inputs.dOut().length);
        kernels.upload(inputs.x(), x);
        kernels.upload(inputs.dOut(), dOut);
        kernels.upload(values, parameters);
        latte.forward(x, inputs.t(), inputs.y(), inputs.imageY());
        latte.backward(dOut);
        double[] gradient = new double[values.length];
        kernels.download(gradients, gradient);
        double expected =
            (loss(kernels, latte, x, inputs, parameters, values, direction, STEP)
                    - loss(kernels, latte, x, inputs, parameters, values, direction, -STEP))
                / (2 * STEP);
        double actual = 0;
        for (int i = 0; i < gradient.length; i++) {
          actual += gradient[i] * direction[i];
        }
        assertThat(actual).isCloseTo(expected, within(1e-6 * Math.abs(expected)));
        assertEveryParameterCounts(configuration, gradient);
        assertVectorKernelsGiveTheSame(configuration, images, gradient);
      }
    }
  }

  private static double loss(
      PortableKernels kernels,
      Latte latte,
      Tensor x,
      TinyLatte.Inputs inputs,
      Tensor parameters,
      float[] values,
      float[] direction,
      double step) {
    double[] moved = new double[values.length];
    Arrays.setAll(moved, i -> values[i] + step * direction[i]);
    kernels.upload(moved, parameters);
    double[] out = new double[inputs.dOut().length];
    kernels.download(latte.forward(x, inputs.t(), inputs.y(), inputs.imageY()), out);
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      sum += out[i] * inputs.dOut()[i];
    }
    return sum;
  }

  private static void assertEveryParameterCounts(
      LatteConfiguration configuration, double[] gradient) {
    for (ParameterLayout.Parameter parameter : new ParameterLayout(configuration).parameters()) {
      int from = Math.toIntExact(parameter.offset());
      int to = from + Math.toIntExact(parameter.length());
      double largest = Arrays.stream(gradient, from, to).map(Math::abs).max().orElseThrow();
      assertThat(largest).as("largest gradient of %s", parameter.name()).isGreaterThan(1e-6);
    }
  }
}
