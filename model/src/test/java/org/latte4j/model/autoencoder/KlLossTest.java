package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class KlLossTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-6);
  private static final float[] MOMENTS = {0.5f, -1f, 0.2f, -3f};
  private static final float[] NOISE = {1.5f, -0.5f};

  @Test
  void samplesAreMeanPlusDeviationTimesNoise() {
    float[] z = new float[2];
    new KlLoss(0, 1).draw(MOMENTS, NOISE, z);
    assertThat((double) z[0]).isCloseTo(0.5 + Math.exp(0.1) * 1.5, CLOSE);
    assertThat((double) z[1]).isCloseTo(-1 - Math.exp(-1.5) * 0.5, CLOSE);
  }

  @Test
  void reconstructionIsTheMeanAbsoluteErrorAndItsGradientTheSigns() {
    float[] gradient = new float[4];
    double loss =
        new KlLoss(0, 2)
            .reconstruction(
                new float[] {0, 1, -1, 0.5f}, new float[] {0.5f, 1, -2, 0.25f}, gradient);
    assertThat(loss).isEqualTo((0.5 + 0 + 1 + 0.25) / 4);
    assertThat(gradient).containsExactly(1 / 8f, 0, -1 / 8f, -1 / 8f);
  }

  @Test
  void divergenceOfAStandardNormalIsZero() {
    assertThat(new KlLoss(1, 1).divergence(new float[4], NOISE, new float[2], 1, new float[4]))
        .isZero();
  }

  @Test
  void divergenceIsTheSumOverLatentsForEveryColourValue() {
    double first = 0.5 * (0.25 + Math.exp(0.2) - 1 - 0.2);
    double second = 0.5 * (1 + Math.exp(-3) - 1 + 3);
    assertThat(new KlLoss(1, 1).divergence(MOMENTS, NOISE, new float[2], 12, new float[4]))
        .isCloseTo((first + second) / 12, CLOSE);
  }

  /** Of sum(dZ z) + weight KL, as decoder and divergence pull at the moments. */
  @Test
  void gradientsOfTheMomentsAreDerivatives() {
    float[] dZ = {0.7f, -0.4f};
    KlLoss loss = new KlLoss(3, 2);
    float[] gradient = new float[4];
    loss.divergence(MOMENTS, NOISE, dZ, 5, gradient);
    for (int i = 0; i < 4; i++) {
      double above = pull(MOMENTS, i, 1e-5, dZ);
      double below = pull(MOMENTS, i, -1e-5, dZ);
      assertThat((double) gradient[i]).isCloseTo((above - below) / 2e-5, Offset.offset(1e-6));
    }
  }

  private static double pull(float[] moments, int at, double step, float[] dZ) {
    double sum = 0;
    for (int i = 0; i < dZ.length; i++) {
      double mean = moments[i] + (at == i ? step : 0);
      double logVariance = moments[i + 2] + (at == i + 2 ? step : 0);
      double z = mean + Math.exp(0.5 * logVariance) * NOISE[i];
      double divergence = 0.5 * (mean * mean + Math.exp(logVariance) - 1 - logVariance);
      sum += dZ[i] * z + 3.0 / (2 * 5) * divergence;
    }
    return sum;
  }

  @Test
  void clampedLogVariancesHaveNoGradient() {
    float[] moments = {0, 0, 25, -40};
    float[] gradient = new float[4];
    new KlLoss(1, 1).divergence(moments, NOISE, new float[] {1, 1}, 1, gradient);
    assertThat(gradient[2]).isZero();
    assertThat(gradient[3]).isZero();
  }
}
