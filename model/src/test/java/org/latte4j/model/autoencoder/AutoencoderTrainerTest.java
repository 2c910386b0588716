package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.training.LearningRateSchedule;
import org.latte4j.model.training.LearningRateSchedule.Decay;

final class AutoencoderTrainerTest {
  private static final AutoencoderKlConfig CONFIG =
      new AutoencoderKlConfig(List.of(8, 16), 1, 4, 4, 1);
  private static final int SIZE = 16;

  @Test
  void learnsTwoImages() {
    try (AutoencoderTrainer trainer = trainer(1).initialise(1)) {
      AutoencoderStep first = step(trainer, 0);
      AutoencoderStep last = first;
      for (int i = 1; i < 60; i++) {
        last = step(trainer, i);
      }
      assertThat(last.reconstruction()).isLessThan(0.35 * first.reconstruction());
      assertThat(last.divergence()).isPositive();
      assertThat(last.loss()).isEqualTo(last.reconstruction() + 1e-6 * last.divergence());
    }
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    try (AutoencoderTrainer one = trainer(1).initialise(1);
        AutoencoderTrainer two = trainer(2).initialise(1)) {
      for (int i = 0; i < 3; i++) {
        assertThat(step(one, i)).isEqualTo(step(two, i));
      }
      assertThat(parameters(two)).isEqualTo(parameters(one));
    }
  }

  @Test
  void goesOnToTheSameBitsFromStoredState() {
    try (AutoencoderTrainer whole = trainer(1).initialise(1);
        AutoencoderTrainer later = trainer(1)) {
      step(whole, 0);
      step(whole, 1);
      copy(whole.parameterVector().length(), whole, later);
      later.step(whole.step());
      assertThat(step(later, 2)).isEqualTo(step(whole, 2));
      assertThat(parameters(later)).isEqualTo(parameters(whole));
    }
  }

  @Test
  void aStepThatIsNotFiniteChangesNothing() {
    try (AutoencoderTrainer trainer = trainer(1).initialise(1)) {
      float[] before = parameters(trainer);
      float[] images = new float[2 * trainer.imageLength()];
      images[5] = Float.NaN;
      assertThat(trainer.step(images, new float[2 * trainer.latentLength()]).finite()).isFalse();
      assertThat(parameters(trainer)).isEqualTo(before);
      assertThat(trainer.step()).isEqualTo(1);
      assertThat(step(trainer, 1).finite()).isTrue();
    }
  }

  @Test
  void activationsAreCountedWithoutBeingAllocated() {
    long small = AutoencoderTrainer.activationBytes(CONFIG, SIZE);
    assertThat(small).isBetween(100_000L, 10_000_000L);
    assertThat(AutoencoderTrainer.activationBytes(CONFIG, 2 * SIZE))
        .isBetween(3 * small, 6 * small);
  }

  @Test
  void imagesOfAnotherNumberAreRefused() {
    try (AutoencoderTrainer trainer = trainer(1)) {
      assertThatThrownBy(() -> trainer.step(new float[3], new float[4]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a step of 2 images needs 1536 and 512 values, not 3 and 4");
    }
  }

  @Test
  void sizesThatTheNetworkCannotHalveAreRefused() {
    assertThatThrownBy(() -> AutoencoderTrainer.of(CONFIG).build(15, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiples of 2");
  }

  private static AutoencoderTrainer trainer(int threads) {
    return AutoencoderTrainer.of(CONFIG)
        .learningRate(new LearningRateSchedule(3e-3, 0, 1, Decay.CONSTANT))
        .clipping(1, 0)
        .threads(threads)
        .build(SIZE, 2);
  }

  private static AutoencoderStep step(AutoencoderTrainer trainer, int number) {
    float[] images = new float[2 * trainer.imageLength()];
    float[] gradient = Images.gradient(SIZE, SIZE);
    System.arraycopy(gradient, 0, images, 0, gradient.length);
    for (int i = 0; i < gradient.length; i++) {
      images[gradient.length + i] = -gradient[gradient.length - 1 - i];
    }
    float[] noise = new float[2 * trainer.latentLength()];
    RandomStream.of(1, Purpose.POSTERIOR, number).normals(noise);
    return trainer.step(images, noise);
  }

  private static float[] parameters(AutoencoderTrainer trainer) {
    FloatBuffer values = FloatBuffer.allocate((int) trainer.parameterVector().length());
    trainer.parameterVector().read(0, values);
    return values.array();
  }

  private static void copy(long length, AutoencoderTrainer from, AutoencoderTrainer to) {
    to.parameterVector().write(0, FloatBuffer.wrap(parameters(from)));
    FloatBuffer moments = FloatBuffer.allocate((int) (2 * length));
    from.updaterStateVector().read(0, moments);
    to.updaterStateVector().write(0, moments.flip());
  }
}
