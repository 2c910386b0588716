package org.latte4j.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.latte4j.model.Golden.CFG1;
import static org.latte4j.model.Golden.CFG2;
import static org.latte4j.model.Golden.assertClose;
import static org.latte4j.model.Golden.assertRelativelyClose;
import static org.latte4j.model.Golden.floats;
import static org.latte4j.model.Golden.ints;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.latte4j.model.Golden;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.latte.ParameterLayout;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.training.LearningRateSchedule.Decay;
import org.latte4j.model.weights.WeightSource;

class LatteTrainerTest {
  private static final double EMA_DECAY = 0.9999;

  @Test
  void fiveClippedStepsAreTheReferences() throws IOException {
    int clip = CFG1.latent().length();
    float[] x = floats("optim.data", "x");
    float[] noise = floats("optim.data", "noise");
    int[] t = ints("optim.data", "t");
    float[] losses = floats("optim.data", "plain_clip0.1.loss");
    float[] norms = floats("optim.data", "plain_clip0.1.grad_norm");
    try (LatteTrainer trainer = LatteTrainer.of(CFG1).clipping(0.1, 0).build(2)) {
      load("cfg1.model", CFG1, trainer);
      float[] average = values(trainer.parameterVector());
      for (int step = 0; step < 5; step++) {
        int from = step * 2 * clip;
        StepResult result =
            trainer.step(
                Arrays.copyOfRange(x, from, from + 2 * clip),
                Arrays.copyOfRange(noise, from, from + 2 * clip),
                Arrays.copyOfRange(t, 2 * step, 2 * step + 2),
                new int[0]);
        assertThat(result.loss()).isCloseTo(losses[step], offset(1e-5 * losses[step]));
        assertThat(result.gradientNorm()).isCloseTo(norms[step], offset(1e-4 * norms[step]));
        move(average, values(trainer.parameterVector()));
      }
      assertIs("optim.plain_clip0.1.final", values(trainer.parameterVector()));
      assertIs("optim.plain_clip0.1.ema", average);
    }
  }

  private static void move(float[] average, float[] values) {
    for (int i = 0; i < average.length; i++) {
      average[i] = (float) (EMA_DECAY * average[i] + (1 - EMA_DECAY) * values[i]);
    }
  }

  private static void assertIs(String file, float[] flat) throws IOException {
    try (WeightSource expected = Golden.open(file)) {
      for (ParameterLayout.Parameter parameter : new ParameterLayout(CFG1).parameters()) {
        int from = Math.toIntExact(parameter.offset());
        assertClose(
            parameter.name(),
            Arrays.copyOfRange(flat, from, from + Math.toIntExact(parameter.length())),
            expected.floats(parameter.name()),
            1e-5);
      }
    }
  }

  @Test
  void aSecondTrainerGoesOnToTheSameBits() {
    try (LatteTrainer whole = fresh(0);
        LatteTrainer first = fresh(0);
        LatteTrainer second = LatteTrainer.of(CFG2).build(2)) {
      for (int step = 0; step < 4; step++) {
        step(whole, step);
      }
      step(first, 0);
      step(first, 1);
      copy(first.parameterVector(), second.parameterVector());
      copy(first.updaterStateVector(), second.updaterStateVector());
      second.step(first.step());
      step(second, 2);
      step(second, 3);
      assertThat(values(second.parameterVector())).isEqualTo(values(whole.parameterVector()));
      assertThat(values(second.updaterStateVector())).isEqualTo(values(whole.updaterStateVector()));
    }
  }

  @Test
  void microBatchesGiveTheSameGradientStep() {
    try (LatteTrainer whole = fresh(0);
        LatteTrainer parts = fresh(1)) {
      StepResult expected = step(whole, 0);
      StepResult actual = step(parts, 0);
      assertThat(actual.loss()).isCloseTo(expected.loss(), offset(1e-6 * expected.loss()));
      assertThat(actual.gradientNorm())
          .isCloseTo(expected.gradientNorm(), offset(1e-5 * expected.gradientNorm()));
      assertRelativelyClose(
          "Adam's moments",
          values(parts.updaterStateVector()),
          values(whole.updaterStateVector()),
          1e-6);
    }
  }

  /** The output's bias: what it adds is known, so that differences are those of a parabola. */
  @Test
  void theGradientOfAWeightedVelocityLossEqualsCentralDifferences() {
    ParameterLayout.Parameter bias =
        new ParameterLayout(CFG2)
            .parameters().stream()
                .filter(parameter -> parameter.name().equals("final_layer.linear.bias"))
                .findFirst()
                .orElseThrow();
    LatteTrainer.Builder builder =
        LatteTrainer.of(CFG2)
            .seed(3)
            .objective(new Objective(Prediction.VELOCITY, 5))
            .learningRate(new LearningRateSchedule(0, 0, 1, Decay.CONSTANT));
    try (LatteTrainer trainer = builder.build(2).initialise()) {
      step(trainer, 0);
      float[] moments = values(trainer.updaterStateVector());
      FlatVector parameters = trainer.parameterVector();
      int channels = CFG2.latent().channels();
      float delta = 1f / 64;
      for (int i = 0; i < bias.length(); i++) {
        boolean predicted = i % (2 * channels) < channels;
        parameters.write(bias.offset() + i, FloatBuffer.wrap(new float[] {delta}));
        StepResult above = step(trainer, 0);
        parameters.write(bias.offset() + i, FloatBuffer.wrap(new float[] {-delta}));
        StepResult below = step(trainer, 0);
        parameters.write(bias.offset() + i, FloatBuffer.wrap(new float[] {0}));
        double difference =
            predicted
                ? above.loss() - above.vb() - below.loss() + below.vb()
                : above.vb() - below.vb();
        // Adam's first moment after one step is a tenth of the gradient.
        double gradient = 10 * moments[Math.toIntExact(bias.offset()) + i];
        assertThat(gradient)
            .as("bias %d", i)
            .isCloseTo(difference / (2 * delta), offset(1e-6 + 1e-3 * Math.abs(gradient)));
      }
    }
  }

  @Test
  void checkpointedStepsGiveTheSameBitsWithImages() {
    LatteTrainer.Builder builder = LatteTrainer.of(CFG2).seed(3).images(2).microBatch(1);
    try (LatteTrainer whole = builder.build(2).initialise();
        LatteTrainer checkpointed =
            builder.purpose(LattePlan.Purpose.CHECKPOINTED_TRAINING).build(2).initialise()) {
      for (int step = 0; step < 2; step++) {
        assertThat(jointStep(checkpointed, step)).isEqualTo(jointStep(whole, step));
      }
      assertThat(values(checkpointed.parameterVector())).isEqualTo(values(whole.parameterVector()));
    }
  }

  private static StepResult jointStep(LatteTrainer trainer, int number) {
    int length = 2 * (CFG2.latent().frames() + 2) * CFG2.latent().frameLength();
    float[] start = new float[length];
    float[] noise = new float[length];
    RandomStream.of(number, Purpose.POSTERIOR).normals(start);
    RandomStream.of(number, Purpose.NOISE).normals(noise);
    return trainer.step(
        start, noise, new int[] {17, 600 + number}, new int[] {4, 5}, new int[] {0, 1, 2, 5});
  }

  @Test
  void theClassesOfImagesAreAskedFor() {
    try (LatteTrainer trainer = LatteTrainer.of(CFG2).images(2).build(2)) {
      assertThatThrownBy(() -> step(trainer, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 and 4 classes, not 2 and 0");
    }
  }

  @Test
  void clippingBeginsAtItsStep() {
    try (LatteTrainer free = LatteTrainer.of(CFG2).seed(3).build(2).initialise();
        LatteTrainer later =
            LatteTrainer.of(CFG2).seed(3).clipping(1e-3, 1).build(2).initialise()) {
      step(free, 0);
      step(later, 0);
      assertThat(values(later.parameterVector())).isEqualTo(values(free.parameterVector()));
      step(free, 1);
      step(later, 1);
      assertThat(values(later.updaterStateVector()))
          .isNotEqualTo(values(free.updaterStateVector()));
    }
  }

  @Test
  void aStepThatIsNotFiniteChangesNothingAndIsCounted() {
    try (LatteTrainer trainer = fresh(0);
        LatteTrainer spared = fresh(0)) {
      step(trainer, 0);
      step(spared, 0);
      int length = 2 * CFG2.latent().length();
      float[] infinite = new float[length];
      infinite[length - 1] = Float.POSITIVE_INFINITY;
      StepResult result =
          trainer.step(infinite, new float[length], new int[] {17, 600}, new int[] {4, 5});
      assertThat(result.finite()).isFalse();
      assertThat(trainer.step()).isEqualTo(2);
      assertThat(values(trainer.parameterVector())).isEqualTo(values(spared.parameterVector()));
      assertThat(values(trainer.updaterStateVector()))
          .isEqualTo(values(spared.updaterStateVector()));
      spared.step(2);
      step(trainer, 2);
      step(spared, 2);
      assertThat(values(trainer.parameterVector())).isEqualTo(values(spared.parameterVector()));
    }
  }

  @Test
  void afterAResetAdamMovesAsInItsFirstStep() {
    try (LatteTrainer used = fresh(0);
        LatteTrainer unused = fresh(0)) {
      step(used, 0);
      step(used, 1);
      used.resetUpdater();
      copy(used.parameterVector(), unused.parameterVector());
      step(used, 2);
      step(unused, 2);
      assertThat(values(used.parameterVector())).isEqualTo(values(unused.parameterVector()));
      assertThat(values(used.updaterStateVector())).isEqualTo(values(unused.updaterStateVector()));
    }
  }

  @Test
  void aBatchOfAnotherSizeIsRefused() {
    try (LatteTrainer trainer = fresh(0)) {
      assertThatThrownBy(() -> trainer.step(new float[0], new float[0], new int[3], new int[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 clips")
          .hasMessageContaining("not 3");
    }
  }

  private static LatteTrainer fresh(int microBatch) {
    return LatteTrainer.of(CFG2).seed(3).microBatch(microBatch).build(2).initialise();
  }

  private static StepResult step(LatteTrainer trainer, int number) {
    int length = 2 * CFG2.latent().length();
    float[] start = new float[length];
    float[] noise = new float[length];
    RandomStream.of(number, Purpose.POSTERIOR).normals(start);
    RandomStream.of(number, Purpose.NOISE).normals(noise);
    return trainer.step(start, noise, new int[] {17, 600 + number}, new int[] {4, 5});
  }

  private static void load(String file, LatteConfiguration sizes, LatteTrainer trainer)
      throws IOException {
    try (WeightSource weights = Golden.open(file)) {
      for (ParameterLayout.Parameter parameter : new ParameterLayout(sizes).parameters()) {
        trainer
            .parameterVector()
            .write(parameter.offset(), FloatBuffer.wrap(weights.floats(parameter.name())));
      }
    }
  }

  private static void copy(FlatVector from, FlatVector to) {
    to.write(0, FloatBuffer.wrap(values(from)));
  }

  private static float[] values(FlatVector vector) {
    float[] values = new float[Math.toIntExact(vector.length())];
    vector.read(0, FloatBuffer.wrap(values));
    return values;
  }
}
