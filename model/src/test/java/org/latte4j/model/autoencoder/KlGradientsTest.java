package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;
import org.nd4j.linalg.api.buffer.DataType;

/** The backward pass of encoder and decoder against central differences in double precision. */
final class KlGradientsTest {
  private static final AutoencoderKlConfig CONFIG =
      new AutoencoderKlConfig(List.of(4, 8), 1, 2, 2, 1);
  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;
  private static final double STEP = 1e-5;

  @Test
  void everyParameterOfTheEncoderHasItsDerivative() {
    try (Network network = new Network()) {
      network.assertGradients(network.encoder(), 3, "encoder.", "quant_conv");
    }
  }

  @Test
  void everyParameterOfTheDecoderHasItsDerivative() {
    try (Network network = new Network()) {
      network.assertGradients(network.decoder(), 2, "decoder.", "post_quant_conv");
    }
  }

  @Test
  void inputsHaveTheirDerivatives() {
    try (Network network = new Network()) {
      network.assertInputGradient(network.encoder(), 3);
      network.assertInputGradient(network.decoder(), 2);
    }
  }

  @Test
  void goingBackGivesBackAllThatWasBorrowed() {
    try (Network network = new Network()) {
      network.gradient(network.encoder(), network.random(3 * HEIGHT * WIDTH, 7), 3);
      assertThat(network.buffers.lent()).isZero();
    }
  }

  @Test
  void inferenceAndRecordingGiveTheSameOutput() {
    try (Network network = new Network()) {
      double[] x = network.random(3 * HEIGHT * WIDTH, 7);
      double[] inferred = network.output(network.encoder(), x, 3);
      assertThat(network.gradient(network.encoder(), x, 3).output()).containsExactly(inferred);
    }
  }

  @Test
  void gradientsOfASecondImageAreAdded() {
    try (Network network = new Network()) {
      double[] x = network.random(2 * HEIGHT * WIDTH, 7);
      double[] once = network.gradient(network.decoder(), x, 2).parameters();
      double[] twice = network.gradient(network.decoder(), x, 2).parameters();
      for (int i = 0; i < once.length; i++) {
        assertThat(twice[i]).isCloseTo(2 * once[i], Offset.offset(1e-9));
      }
    }
  }

  @Test
  void vectorKernelsGiveTheSameGradients() {
    try (Network network = new Network();
        Kernels kernels = VectorKernels.withThreads(2);
        Arena arena = kernels.arena();
        Activations buffers = new Activations(kernels)) {
      double[] x = network.random(3 * HEIGHT * WIDTH, 7);
      Gradients expected = network.gradient(network.encoder(), x, 3);

      KlParameterLayout layout = new KlParameterLayout(CONFIG);
      int length = (int) layout.length();
      Tensor parameters = arena.allocate(length);
      Tensor gradients = arena.allocate(length);
      kernels.upload(floats(network.values), parameters);
      Encoder encoder =
          new Encoder(
              kernels,
              ParameterScope.of(layout.views(parameters), layout.views(gradients)),
              CONFIG);
      Recording pass = new Recording(kernels, buffers);
      Tensor in = buffers.borrow(1, 3, HEIGHT, WIDTH);
      kernels.upload(floats(x), in);
      Tensor out = encoder.forward(in, pass);
      Tensor dOut = buffers.borrow(out.shape());
      kernels.upload(floats(network.random((int) out.length(), 11)), dOut);
      Tensor dIn = pass.backward(out, dOut, in);

      float[] got = new float[length];
      kernels.download(gradients, got);
      assertRelative(got, expected.parameters());
      float[] gotInput = new float[x.length];
      kernels.download(dIn, gotInput);
      assertRelative(gotInput, expected.input());
    }
  }

  private static void assertRelative(float[] got, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < got.length; i++) {
      assertThat((double) got[i]).isCloseTo(expected[i], Offset.offset(2e-5 * largest));
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** What one way there and back gave, for {@code sum(weights * output)}. */
  private record Gradients(double[] output, double[] input, double[] parameters) {}

  /** A small network in double precision. */
  private static final class Network implements AutoCloseable {
    private final PortableKernels kernels = new PortableKernels(DataType.DOUBLE);
    private final Arena arena = kernels.arena();
    private final Activations buffers = new Activations(kernels);
    private final KlParameterLayout layout = new KlParameterLayout(CONFIG);
    private final double[] values = random((int) layout.length(), 3);
    private final Tensor parameters = arena.allocate(values.length);
    private final Tensor gradients = arena.allocate(values.length);
    private final ParameterScope scope =
        ParameterScope.of(layout.views(parameters), layout.views(gradients));

    Network() {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.3 * values[i]);
      }
      kernels.upload(values, parameters);
    }

    Layer encoder() {
      return new Encoder(kernels, scope, CONFIG);
    }

    Layer decoder() {
      return new Decoder(kernels, scope, CONFIG);
    }

    double[] random(int count, long seed) {
      Random random = new Random(seed);
      double[] drawn = new double[count];
      Arrays.setAll(drawn, i -> (float) random.nextGaussian());
      return drawn;
    }

    double[] output(Layer layer, double[] x, int channels) {
      Tensor in = buffers.borrow(1, channels, HEIGHT, WIDTH);
      kernels.upload(x, in);
      Tensor out = layer.forward(in, buffers);
      double[] output = new double[(int) out.length()];
      kernels.download(out, output);
      buffers.giveBack(out);
      buffers.giveBack(in);
      return output;
    }

    double loss(Layer layer, double[] x, int channels) {
      double[] output = output(layer, x, channels);
      double[] weights = random(output.length, 11);
      double sum = 0;
      for (int i = 0; i < output.length; i++) {
        sum += weights[i] * output[i];
      }
      return sum;
    }

    Gradients gradient(Layer layer, double[] x, int channels) {
      Recording pass = new Recording(kernels, buffers);
      Tensor in = buffers.borrow(1, channels, HEIGHT, WIDTH);
      kernels.upload(x, in);
      Tensor out = layer.forward(in, pass);
      double[] output = new double[(int) out.length()];
      kernels.download(out, output);
      Tensor dOut = buffers.borrow(out.shape());
      kernels.upload(random(output.length, 11), dOut);
      Tensor dIn = pass.backward(out, dOut, in);
      double[] dX = new double[x.length];
      kernels.download(dIn, dX);
      buffers.giveBack(dIn);
      buffers.giveBack(in);
      double[] dParameters = new double[values.length];
      kernels.download(gradients, dParameters);
      return new Gradients(output, dX, dParameters);
    }

    /** Along a random direction in the weight and bias of each operation. */
    void assertGradients(Layer layer, int channels, String... prefixes) {
      double[] x = random(channels * HEIGHT * WIDTH, 7);
      double[] gradient = gradient(layer, x, channels).parameters();
      int checked = 0;
      for (KlParameterLayout.Parameter weight : layout.parameters()) {
        String name = weight.name();
        boolean ours = Arrays.stream(prefixes).anyMatch(name::startsWith);
        if (ours && name.endsWith(".weight")) {
          double[] direction = new double[values.length];
          addRandom(weight, direction);
          addRandom(layout.parameter(name.replace(".weight", ".bias")), direction);
          assertAlong(layer, x, channels, name, direction, gradient);
          checked++;
        }
      }
      assertThat(checked).isGreaterThan(25);
    }

    private void addRandom(KlParameterLayout.Parameter parameter, double[] direction) {
      double[] drawn = random((int) parameter.length(), parameter.offset());
      System.arraycopy(drawn, 0, direction, (int) parameter.offset(), drawn.length);
    }

    private void assertAlong(
        Layer layer, double[] x, int channels, String name, double[] direction, double[] gradient) {
      double above = moved(layer, x, channels, direction, STEP);
      double below = moved(layer, x, channels, direction, -STEP);
      double expected = 0;
      for (int i = 0; i < direction.length; i++) {
        expected += direction[i] * gradient[i];
      }
      double measured = (above - below) / (2 * STEP);
      assertThat(expected)
          .as(name)
          .isCloseTo(measured, Offset.offset(1e-6 * Math.max(1, Math.abs(measured))));
    }

    private double moved(Layer layer, double[] x, int channels, double[] direction, double step) {
      double[] there = new double[values.length];
      Arrays.setAll(there, i -> values[i] + step * direction[i]);
      kernels.upload(there, parameters);
      double loss = loss(layer, x, channels);
      kernels.upload(values, parameters);
      return loss;
    }

    void assertInputGradient(Layer layer, int channels) {
      double[] x = random(channels * HEIGHT * WIDTH, 7);
      double[] gradient = gradient(layer, x, channels).input();
      for (int i = 0; i < x.length; i += 11) {
        double[] moved = x.clone();
        moved[i] += STEP;
        double above = loss(layer, moved, channels);
        moved[i] -= 2 * STEP;
        double below = loss(layer, moved, channels);
        double measured = (above - below) / (2 * STEP);
        assertThat(gradient[i])
            .isCloseTo(measured, Offset.offset(1e-6 * Math.max(1, Math.abs(measured))));
      }
    }

    @Override
    public void close() {
      buffers.close();
      arena.close();
      kernels.close();
    }
  }
}
