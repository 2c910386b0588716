package org.latte4j.model.latte;

import static org.latte4j.model.Golden.assertRelativelyClose;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;

/** Outputs of every architecture against the same network written in plain loops. */
class ArchitectureDefinitionTest {

  static List<Architecture> architectures() {
    return TinyLatte.architectures();
  }

  static List<Architecture> architecturesForImages() {
    return TinyLatte.architecturesForImages();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void outputsAreThoseOfPlainLoops(Architecture architecture) {
    check(TinyLatte.deep(architecture), 0);
  }

  @ParameterizedTest
  @MethodSource("architecturesForImages")
  void outputsWithImagesAreThoseOfPlainLoops(Architecture architecture) {
    check(TinyLatte.deep(architecture), 3);
  }

  private static void check(LatteConfiguration configuration, int images) {
    TinyLatte.Inputs inputs = TinyLatte.Inputs.of(configuration, images);
    float[] parameters = TinyLatte.parameters(configuration);
    float[] out = outputs(configuration, images, parameters, inputs);
    int length = inputs.x().length / TinyLatte.BATCH;
    for (int clip = 0; clip < TinyLatte.BATCH; clip++) {
      int[] labels = new int[1 + images];
      labels[0] = inputs.y()[clip];
      System.arraycopy(inputs.imageY(), clip * images, labels, 1, images);
      double[] expected =
          new PlainLatte(configuration, parameters, inputs.t()[clip], labels)
              .forward(Arrays.copyOfRange(inputs.x(), clip * length, (clip + 1) * length));
      float[] rounded = new float[expected.length];
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (float) expected[i];
      }
      float[] actual = Arrays.copyOfRange(out, 2 * clip * length, 2 * (clip + 1) * length);
      assertRelativelyClose("clip " + clip, actual, rounded, 1e-5);
    }
  }

  private static float[] outputs(
      LatteConfiguration configuration, int images, float[] values, TinyLatte.Inputs inputs) {
    LattePlan plan = LattePlan.inference(TinyLatte.BATCH).withImages(images);
    try (Kernels kernels = VectorKernels.withThreads(2);
        Arena arena = kernels.arena()) {
      Tensor parameters = arena.allocate(values.length);
      kernels.upload(values, parameters);
      try (Latte latte = new Latte(kernels, configuration, plan, parameters, parameters)) {
        Tensor x = arena.allocate(inputs.x().length);
        kernels.upload(inputs.x(), x);
        float[] out = new float[2 * inputs.x().length];
        kernels.download(latte.forward(x, inputs.t(), inputs.y(), inputs.imageY()), out);
        return out;
      }
    }
  }
}
