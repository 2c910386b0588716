package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.latte4j.model.Golden.CFG2;
import static org.latte4j.model.Golden.assertClose;
import static org.latte4j.model.Golden.assertRelativelyClose;
import static org.latte4j.model.Golden.floats;
import static org.latte4j.model.Golden.ints;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.Golden;
import org.latte4j.model.diffusion.GuidedDenoiser;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.diffusion.TrainingLoss;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.nd4j.linalg.api.buffer.DataType;

/** The network against the reference implementation's numbers, on every kind of kernels. */
class LatteGoldenTest {

  private static Stream<Supplier<Kernels>> kernels() {
    return Stream.of(() -> new PortableKernels(DataType.FLOAT), () -> VectorKernels.withThreads(2));
  }

  static Stream<Arguments> forwardCases() {
    return kernels()
        .flatMap(
            k ->
                Stream.of(
                    Arguments.of(k.get(), "cfg2", 1e-5), Arguments.of(k.get(), "cfg2hot", 1e-3)));
  }

  @ParameterizedTest
  @MethodSource("forwardCases")
  void outputsAreTheReferences(Kernels kernels, String model, double tolerance) throws IOException {
    try (kernels;
        WeightSource weights = Golden.open(model + ".model");
        LatteDenoiser latte = new LatteDenoiser(kernels, CFG2, weights)) {
      float[] out = new float[4 * 2 * CFG2.latent().length()];
      String fixture = model + ".fixture";
      latte.denoise(floats(fixture, "x"), ints(fixture, "t"), ints(fixture, "y"), out);
      assertClose(model, out, floats(fixture, "out"), tolerance);
    }
  }

  static Stream<Arguments> guidedCases() {
    return kernels()
        .flatMap(
            k ->
                Stream.of(
                    Arguments.of(k.get(), "cfg2", 1e-4), Arguments.of(k.get(), "cfg2hot", 1e-2)));
  }

  @ParameterizedTest
  @MethodSource("guidedCases")
  void guidedOutputsAreTheReferences(Kernels kernels, String model, double tolerance)
      throws IOException {
    String fixture = model + ".fixture";
    int clip = CFG2.latent().length();
    try (kernels;
        WeightSource weights = Golden.open(model + ".model");
        LatteDenoiser latte = new LatteDenoiser(kernels, CFG2, weights)) {
      GuidedDenoiser guided = new GuidedDenoiser(latte, CFG2.latent(), 7, CFG2.nullLabel());
      float[] out = new float[2 * 2 * clip];
      guided.denoise(
          Arrays.copyOf(floats(fixture, "x"), 2 * clip),
          Arrays.copyOf(ints(fixture, "cfg_t"), 2),
          Arrays.copyOf(ints(fixture, "cfg_y"), 2),
          out);
      // The reference runs the doubled batch and gives both halves; the first is the guided one.
      float[] expected = Arrays.copyOf(floats(fixture, "cfg_out"), out.length);
      assertClose(model, out, expected, tolerance);
    }
  }

  @Test
  void theMovingAverageOfATorchCheckpointGivesTheReferencesOutputs() throws IOException {
    try (Kernels kernels = VectorKernels.withThreads(1);
        WeightSource weights = Weights.open(Golden.path("cfg2hot.pt"), Part.EMA);
        LatteDenoiser latte = new LatteDenoiser(kernels, CFG2, weights)) {
      float[] out = new float[4 * 2 * CFG2.latent().length()];
      String fixture = "cfg2hot.fixture";
      latte.denoise(floats(fixture, "x"), ints(fixture, "t"), ints(fixture, "y"), out);
      assertClose("out_ema", out, floats(fixture, "out_ema"), 1e-3);
    }
  }

  @Test
  void positionTablesAreTheReferences() throws IOException {
    PositionTables tables = PositionTables.of(CFG2);
    assertClose("spatial", tables.spatial(), floats("cfg2.model", "pos_embed"), 1e-6);
    assertClose("temporal", tables.temporal(), floats("cfg2.model", "temp_embed"), 1e-6);
  }

  @Test
  void timestepSinusoidsAreTheReferences() throws IOException {
    int[] t = ints("cfg2.fixture", "t");
    float[] out = new float[t.length * LatteConfiguration.TIMESTEP_FREQUENCIES];
    TimestepEmbedding.sinusoids(t, out);
    // A frequency's last bit, times t up to 999.
    assertClose("t_freq", out, floats("cfg2.fixture", "t_freq"), 6e-5);
  }

  static Stream<Arguments> gradientCases() {
    return kernels()
        .flatMap(k -> Stream.of(Arguments.of(k.get(), "cfg2"), Arguments.of(k.get(), "cfg2hot")));
  }

  @ParameterizedTest
  @MethodSource("gradientCases")
  void gradientsAreTheReferences(Kernels kernels, String model) throws IOException {
    ParameterLayout layout = new ParameterLayout(CFG2);
    int length = Math.toIntExact(layout.length());
    try (kernels;
        WeightSource weights = Golden.open(model + ".model");
        WeightSource gradients = Golden.open(model + ".grads");
        Arena arena = kernels.arena()) {
      Tensor flat = arena.allocate(length);
      Tensor gradient = arena.allocate(length);
      LatteWeights.read(weights, CFG2, kernels, flat);
      trainingPass(kernels, arena, model, flat, gradient);
      for (ParameterLayout.Parameter parameter : layout.parameters()) {
        float[] actual = new float[Math.toIntExact(parameter.length())];
        kernels.download(gradient.slice(parameter.offset(), actual.length), actual);
        assertGradient(parameter.name(), actual, gradients.floats(parameter.name()));
      }
    }
  }

  private static void trainingPass(
      Kernels kernels, Arena arena, String model, Tensor flat, Tensor gradient) throws IOException {
    float[] start = floats("cfg2.training", "x_start");
    float[] noise = floats("cfg2.training", "noise");
    int[] t = ints("cfg2.training", "t");
    int[] y = ints("cfg2.training", "y");
    float[] noisy = new float[start.length];
    float[] out = new float[2 * start.length];
    float[] dOut = new float[2 * start.length];
    TrainingLoss loss = new TrainingLoss(NoiseSchedule.linear(), CFG2.latent(), 4);
    loss.addNoise(start, noise, t, noisy);
    try (Latte latte = new Latte(kernels, CFG2, LattePlan.training(4), flat, gradient)) {
      Tensor x = arena.allocate(noisy.length);
      kernels.upload(noisy, x);
      kernels.download(latte.forward(x, t, y), out);
      loss.evaluate(start, noise, noisy, t, out, 1.0 / 4, dOut);
      Tensor d = arena.allocate(dOut.length);
      kernels.upload(dOut, d);
      latte.backward(d);
    }
    float[] losses = floats(model + ".training", "loss");
    for (int i = 0; i < 4; i++) {
      assertThat(loss.loss(i)).isCloseTo(losses[i], within(1e-5 * losses[i]));
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  /** The key's bias has no influence (softmax ignores it): its gradient is rounding error alone. */
  private static void assertGradient(String name, float[] actual, float[] expected) {
    if (!name.endsWith("attn.qkv.bias")) {
      assertRelativelyClose(name, actual, expected, 1e-4);
      return;
    }
    int d = CFG2.hiddenSize();
    assertRelativelyClose(
        name + " (query)",
        Arrays.copyOfRange(actual, 0, d),
        Arrays.copyOfRange(expected, 0, d),
        1e-4);
    assertClose(
        name + " (key)",
        Arrays.copyOfRange(actual, d, 2 * d),
        Arrays.copyOfRange(expected, d, 2 * d),
        1e-5);
    assertRelativelyClose(
        name + " (value)",
        Arrays.copyOfRange(actual, 2 * d, 3 * d),
        Arrays.copyOfRange(expected, 2 * d, 3 * d),
        1e-4);
  }
}
