package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GuidedDenoiserTest {
  private static final LatentShape SHAPE = new LatentShape(2, 1, 1, 2);
  private static final int NULL_LABEL = 9;

  /** Noise 10 y + t + x, variance values -y, for each clip. */
  private static void conditional(float[] x, int[] t, int[] y, float[] out) {
    for (int i = 0; i < x.length; i++) {
      int clip = i / SHAPE.length();
      int frame = i / SHAPE.frameLength();
      out[i + frame * SHAPE.frameLength()] = 10 * y[clip] + t[clip] + x[i];
      out[i + (frame + 1) * SHAPE.frameLength()] = -y[clip];
    }
  }

  @Test
  void noiseIsCarriedPastTheConditionalOneAndTheVarianceStays() {
    GuidedDenoiser guided = new GuidedDenoiser(GuidedDenoiserTest::conditional, SHAPE, 7, 9);
    float[] out = new float[16];
    guided.denoise(
        new float[] {0, 1, 2, 3, 4, 5, 6, 7}, new int[] {500, 100}, new int[] {2, 8}, out);
    // 90 + 7 (20 - 90) = -400 and 90 + 7 (80 - 90) = 20, each plus t and x.
    assertThat(out)
        .containsExactly(100, 101, -2, -2, 102, 103, -2, -2, 124, 125, -8, -8, 126, 127, -8, -8);
  }

  @Test
  void aScaleOfOneIsTheConditionalPrediction() {
    float[] x = {0.1f, 0.2f, 0.3f, 0.4f};
    float[] plain = new float[8];
    float[] guided = new float[8];
    conditional(x, new int[] {5}, new int[] {3}, plain);
    new GuidedDenoiser(GuidedDenoiserTest::conditional, SHAPE, 1, NULL_LABEL)
        .denoise(x, new int[] {5}, new int[] {3}, guided);
    assertThat(guided).isEqualTo(plain);
  }

  @Test
  void theBatchSizeMayChangeBetweenCalls() {
    GuidedDenoiser guided =
        new GuidedDenoiser(GuidedDenoiserTest::conditional, SHAPE, 4, NULL_LABEL);
    float[] two = new float[16];
    float[] one = new float[8];
    guided.denoise(new float[8], new int[] {1, 2}, new int[] {3, 4}, two);
    guided.denoise(new float[4], new int[] {2}, new int[] {4}, one);
    assertThat(one).isEqualTo(Arrays.copyOfRange(two, 8, 16));
  }

  @Test
  void clipsWithoutLabelsAreRefused() {
    GuidedDenoiser guided =
        new GuidedDenoiser(GuidedDenoiserTest::conditional, SHAPE, 7, NULL_LABEL);
    assertThatThrownBy(() -> guided.denoise(new float[4], new int[] {1}, new int[0], new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 labels for 1 clips");
  }
}
