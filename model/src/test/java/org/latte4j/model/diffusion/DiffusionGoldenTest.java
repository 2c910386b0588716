package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.latte4j.model.Golden.CFG2;
import static org.latte4j.model.Golden.floats;
import static org.latte4j.model.Golden.ints;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.Golden;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.latte.LatteDenoiser;
import org.latte4j.model.weights.WeightSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Loss terms and whole sampling chains of the small golden model against the reference's. */
class DiffusionGoldenTest {
  private static final LatentShape SHAPE = CFG2.latent();
  private static final String CHAINS = "cfg2.chains";

  /** Clips in a golden chain; guided chains hold each twice. */
  private static final int CLIPS = 2;

  /**
   * Relative to the largest latent. The model is untrained, so its latents grow to several hundred,
   * where a float's spacing is 6e-5; the reference's own chain, in single precision, is 3e-4
   * (guided: 6e-4) from one in double precision.
   */
  private static final double CHAIN_TOLERANCE = 2e-6;

  static Stream<Arguments> losses() {
    return Stream.of("cfg2", "cfg2hot")
        .flatMap(
            model ->
                Stream.of(
                    Arguments.of(model, new PortableKernels(DataType.FLOAT)),
                    Arguments.of(model, VectorKernels.withThreads(1))));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossTermsEqualTheReferences(String model, Kernels kernels) throws IOException {
    float[] start = floats("cfg2.training", "x_start");
    float[] noise = floats("cfg2.training", "noise");
    int[] t = ints("cfg2.training", "t");
    float[] noisy = new float[start.length];
    float[] out = new float[2 * start.length];
    TrainingLoss loss = new TrainingLoss(NoiseSchedule.linear(), SHAPE, t.length);
    loss.addNoise(start, noise, t, noisy);
    try (kernels;
        WeightSource weights = Golden.open(model + ".model");
        LatteDenoiser latte = new LatteDenoiser(kernels, CFG2, weights)) {
      latte.denoise(noisy, t, ints("cfg2.training", "y"), out);
    }
    loss.evaluate(start, noise, noisy, t, out, 1, new float[out.length]);
    float[] mse = floats(model + ".training", "mse");
    float[] bound = floats(model + ".training", "vb");
    float[] sum = floats(model + ".training", "loss");
    for (int i = 0; i < t.length; i++) {
      assertThat(loss.mse(i)).as("mse %d", i).isCloseTo(mse[i], within(1e-5 * mse[i]));
      assertThat(loss.bound(i)).as("bound %d", i).isCloseTo(bound[i], within(1e-5 * bound[i]));
      assertThat(loss.loss(i)).as("loss %d", i).isCloseTo(sum[i], within(1e-5 * sum[i]));
    }
  }

  static Stream<Arguments> chains() {
    Sampler ddpm = Sampler.ddpm(steps("20"), SHAPE);
    Sampler ddim = Sampler.ddim(steps("ddim20"), SHAPE, 0);
    return Stream.of(
        Arguments.of("ddpm20", ddpm),
        Arguments.of("ddim20", ddim),
        Arguments.of("ddim20_eta0.5", Sampler.ddim(steps("ddim20"), SHAPE, 0.5)),
        Arguments.of("ddpm20_cfg7", ddpm),
        Arguments.of("ddim20_cfg7", ddim));
  }

  private static NoiseSchedule steps(String respacing) {
    return NoiseSchedule.linear().respaced(Respacing.parse(respacing));
  }

  @ParameterizedTest
  @MethodSource("chains")
  void everyStepOfAChainEqualsTheReferences(String chain, Sampler sampler) throws IOException {
    float[] expected = floats(CHAINS, chain);
    int stepLength = expected.length / sampler.steps();
    int clipsLength = CLIPS * SHAPE.length();
    try (Kernels kernels = VectorKernels.withThreads(1);
        WeightSource weights = Golden.open("cfg2.model");
        LatteDenoiser latte = new LatteDenoiser(kernels, CFG2, weights)) {
      Denoiser denoiser =
          chain.endsWith("cfg7") ? new GuidedDenoiser(latte, SHAPE, 7, CFG2.nullLabel()) : latte;
      sampler
          .observedBy(
              (done, total, x) -> {
                int from = (done - 1) * stepLength;
                assertStep(
                    chain + " after step " + done,
                    x,
                    Arrays.copyOfRange(expected, from, from + clipsLength));
              })
          .sample(denoiser, CLIPS, ints(CHAINS, "y"), new GoldenNoise(sampler.steps()));
    }
  }

  private static void assertStep(String what, float[] actual, float[] expected) {
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    Golden.assertClose(what, actual, expected, CHAIN_TOLERANCE * largest);
  }

  /** The draws of the reference's chains, which are stored in the order of use. */
  private static final class GoldenNoise implements NoiseSource {
    private final float[] start = floats(CHAINS, "z");
    private final float[] noises = floats(CHAINS, "noises");
    private final int steps;

    GoldenNoise(int steps) throws IOException {
      this.steps = steps;
    }

    @Override
    public void start(float[] out) {
      System.arraycopy(start, 0, out, 0, out.length);
    }

    @Override
    public void at(int step, float[] out) {
      System.arraycopy(noises, (steps - 1 - step) * out.length, out, 0, out.length);
    }
  }
}
