package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.Golden;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

class TrainingLossTest {
  private static final LatentShape SHAPE = new LatentShape(2, 3, 2, 2);

  /** A power of two: adding and taking it away is exact. */
  private static final float DELTA = 1f / 512;

  @Test
  void noisyLatentsEqualTheReferences() throws IOException {
    String golden = "cfg2.training";
    float[] expected = Golden.floats(golden, "x_t");
    float[] noisy = new float[expected.length];
    new TrainingLoss(NoiseSchedule.linear(), new LatentShape(4, 4, 8, 8), 4)
        .addNoise(
            Golden.floats(golden, "x_start"),
            Golden.floats(golden, "noise"),
            Golden.ints(golden, "t"),
            noisy);
    assertThat(noisy).containsExactly(expected, within(1e-6f));
  }

  static Stream<Arguments> stepsAndObjectives() {
    return IntStream.of(0, 1, 500, 999)
        .boxed()
        .flatMap(
            step ->
                Stream.of(
                        Objective.REFERENCE,
                        Objective.of(Prediction.VELOCITY),
                        new Objective(Prediction.NOISE, 5),
                        new Objective(Prediction.VELOCITY, 5))
                    .map(objective -> Arguments.of(step, objective)));
  }

  @ParameterizedTest
  @MethodSource("stepsAndObjectives")
  void gradientEqualsCentralDifferences(int step, Objective objective) {
    Batch batch = new Batch(objective, 1, step);
    float[] gradient = batch.gradient(1);
    for (int i = 0; i < gradient.length; i++) {
      float value = batch.output[i];
      batch.output[i] = value + DELTA;
      batch.gradient(1);
      double above = batch.isNoise(i) ? batch.loss.weightedMse(0) : batch.loss.bound(0);
      batch.output[i] = value - DELTA;
      batch.gradient(1);
      double below = batch.isNoise(i) ? batch.loss.weightedMse(0) : batch.loss.bound(0);
      batch.output[i] = value;
      // The decoder's likelihood at step 0 is in single precision.
      double tolerance = step == 0 ? 1e-5 : 1e-7 + 2e-5 * Math.abs(gradient[i]);
      assertThat((double) gradient[i])
          .as("output %d", i)
          .isCloseTo((above - below) / (2 * DELTA), within(tolerance));
    }
  }

  @Test
  void boundDoesNotReachThePredictedNoise() {
    Batch batch = new Batch(1, 500);
    float[] gradient = batch.gradient(1);
    double length = SHAPE.length();
    for (int i = 0; i < SHAPE.frameLength(); i++) {
      assertThat((double) gradient[i])
          .isCloseTo(2 * (batch.output[i] - batch.noise[i]) / length, within(1e-7));
    }
  }

  @Test
  void boundIsZeroForThePosteriorItself() {
    Batch batch = new Batch(1, 300);
    for (int i = 0; i < batch.output.length; i++) {
      batch.output[i] = batch.isNoise(i) ? batch.addedNoise(i) : -1;
    }
    batch.gradient(1);
    assertThat(batch.loss.bound(0)).isCloseTo(0, within(1e-9));
    assertThat(batch.loss.mse(0)).isZero();
  }

  @Test
  void velocityOfThePosteriorItselfHasNoLoss() {
    Batch batch = new Batch(Objective.of(Prediction.VELOCITY), 1, 300);
    NoiseSchedule schedule = NoiseSchedule.linear();
    for (int i = 0; i < batch.output.length; i++) {
      double velocity =
          schedule.sqrtAlphaBar(300) * batch.addedNoise(i)
              - schedule.sqrtOneMinusAlphaBar(300) * batch.start(i);
      batch.output[i] = batch.isNoise(i) ? (float) velocity : -1;
    }
    batch.gradient(1);
    assertThat(batch.loss.bound(0)).isCloseTo(0, within(1e-9));
    assertThat(batch.loss.mse(0)).isCloseTo(0, within(1e-13));
  }

  /** The two describe the same Gaussian; only the squared error is measured elsewhere. */
  @Test
  void theBoundDoesNotDependOnWhatIsPredicted() {
    NoiseSchedule schedule = NoiseSchedule.linear();
    for (int step : new int[] {0, 1, 500}) {
      Batch noise = new Batch(1, step);
      Batch velocity = new Batch(Objective.of(Prediction.VELOCITY), 1, step);
      for (int i = 0; i < noise.output.length; i++) {
        velocity.output[i] =
            noise.isNoise(i)
                ? (float)
                    ((noise.output[i] - schedule.sqrtOneMinusAlphaBar(step) * noise.noisy(i))
                        / schedule.sqrtAlphaBar(step))
                : noise.output[i];
      }
      noise.gradient(1);
      velocity.gradient(1);
      assertThat(velocity.loss.bound(0))
          .isCloseTo(noise.loss.bound(0), within(1e-4 * Math.abs(noise.loss.bound(0)) + 1e-6));
    }
  }

  @Test
  void minSnrWeightsAreThoseOfThePaper() {
    NoiseSchedule schedule = NoiseSchedule.linear();
    Objective noise = new Objective(Prediction.NOISE, 5);
    Objective velocity = new Objective(Prediction.VELOCITY, 5);
    // alphaBar is 0.9999 at step 0: an SNR of 9999.
    assertThat(noise.weight(schedule, 0)).isCloseTo(5 / 9999.0, within(1e-12));
    assertThat(velocity.weight(schedule, 0)).isCloseTo(5 / 10000.0, within(1e-12));
    double alphaBar = schedule.alphaBar(700);
    assertThat(noise.weight(schedule, 700)).isCloseTo(1, within(1e-12));
    assertThat(velocity.weight(schedule, 700)).isCloseTo(alphaBar, within(1e-12));
    assertThat(Objective.of(Prediction.VELOCITY).weight(schedule, 0)).isEqualTo(1);
  }

  @Test
  void aNegativeGammaIsRefused() {
    assertThatThrownBy(() -> new Objective(Prediction.NOISE, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void partsOfABatchGiveTheBitsOfTheWhole() {
    Batch whole = new Batch(3, 0, 7, 900);
    float[] gradient = whole.gradient(1.0 / 3);
    for (int item = 0; item < 3; item++) {
      Batch part = whole.only(item);
      int length = 2 * SHAPE.length();
      assertThat(part.gradient(1.0 / 3))
          .isEqualTo(Arrays.copyOfRange(gradient, item * length, (item + 1) * length));
      assertThat(part.loss.loss(0)).isEqualTo(whole.loss.loss(item));
    }
  }

  @Test
  void meanLossIsThatOfTheLastBatchEvenIfItIsSmaller() {
    Batch whole = new Batch(2, 3, 700);
    whole.gradient(0.5);
    assertThat(whole.loss.meanLoss())
        .isCloseTo((whole.loss.loss(0) + whole.loss.loss(1)) / 2, within(1e-12));
    Batch part = whole.only(1);
    whole.loss.evaluate(
        part.start, part.noise, part.noisy, part.steps, part.output, 1, whole.gradient);
    part.gradient(1);
    assertThat(whole.loss.meanLoss()).isEqualTo(part.loss.meanLoss());
    assertThatThrownBy(() -> whole.loss.loss(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aStepOutsideOfTheScheduleIsRefused() {
    Batch batch = new Batch(1, 500);
    batch.steps[0] = 1000;
    assertThatThrownBy(() -> batch.gradient(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("step 1000")
        .hasMessageContaining("0 to 999");
  }

  @Test
  void anOutputWithoutVarianceValuesIsRefused() {
    Batch batch = new Batch(1, 500);
    batch.output = new float[SHAPE.length()];
    assertThatThrownBy(() -> batch.gradient(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'output' holds 24 values");
  }

  /** A batch of made-up clips and network outputs. */
  private static final class Batch {
    final TrainingLoss loss;
    final int[] steps;
    float[] start;
    float[] noise;
    float[] noisy;
    float[] output;
    final float[] gradient;

    Batch(int capacity, int... steps) {
      this(Objective.REFERENCE, capacity, steps);
    }

    Batch(Objective objective, int capacity, int... steps) {
      this.loss = new TrainingLoss(NoiseSchedule.linear(), SHAPE, objective, capacity);
      this.steps = steps;
      int length = steps.length * SHAPE.length();
      RandomStream random = RandomStream.of(42, Purpose.NOISE);
      start = new float[length];
      noise = new float[length];
      noisy = new float[length];
      output = new float[2 * length];
      gradient = new float[2 * length];
      for (int i = 0; i < length; i++) {
        start[i] = (float) random.normal();
        noise[i] = (float) random.normal();
      }
      for (int i = 0; i < 2 * length; i++) {
        double near = isNoise(i) ? addedNoise(i) : 0;
        // Multiples of 1/512, so that differences are taken at exact places.
        output[i] = Math.round((near + random.normal() / 2) * 512) / 512f;
      }
      loss.addNoise(start, noise, steps, noisy);
    }

    boolean isNoise(int outputIndex) {
      return outputIndex / SHAPE.frameLength() % 2 == 0;
    }

    /** The noise that a noise channel's output should have predicted. */
    float addedNoise(int outputIndex) {
      return noise[latent(outputIndex)];
    }

    float start(int outputIndex) {
      return start[latent(outputIndex)];
    }

    float noisy(int outputIndex) {
      return noisy[latent(outputIndex)];
    }

    /** Which latent value a predicted one belongs to; some latent for a variance value. */
    private int latent(int outputIndex) {
      int frame = outputIndex / (2 * SHAPE.frameLength());
      return frame * SHAPE.frameLength() + outputIndex % SHAPE.frameLength();
    }

    float[] gradient(double itemWeight) {
      loss.evaluate(start, noise, noisy, steps, output, itemWeight, gradient);
      return gradient.clone();
    }

    Batch only(int item) {
      Batch part = new Batch(1, steps[item]);
      int length = SHAPE.length();
      part.start = Arrays.copyOfRange(start, item * length, (item + 1) * length);
      part.noise = Arrays.copyOfRange(noise, item * length, (item + 1) * length);
      part.noisy = Arrays.copyOfRange(noisy, item * length, (item + 1) * length);
      part.output = Arrays.copyOfRange(output, 2 * item * length, 2 * (item + 1) * length);
      return part;
    }
  }
}
