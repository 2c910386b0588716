package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  void outsideOfTheIntervalThereIsOnlyThePlainPass() {
    List<Integer> batches = new ArrayList<>();
    Denoiser counting =
        (x, t, y, out) -> {
          batches.add(t.length);
          conditional(x, t, y, out);
        };
    NoiseSchedule schedule = NoiseSchedule.linear();
    // Above the level of timestep 300, up to that of 600.
    GuidanceInterval interval =
        new GuidanceInterval(schedule.noiseLevel(300), schedule.noiseLevel(600));
    GuidedDenoiser guided = new GuidedDenoiser(counting, SHAPE, 7, NULL_LABEL).within(interval);
    GuidedDenoiser always =
        new GuidedDenoiser(GuidedDenoiserTest::conditional, SHAPE, 7, NULL_LABEL);
    float[] x = {0.1f, 0.2f, 0.3f, 0.4f};
    for (int timestep : new int[] {0, 300, 301, 600, 601, 999}) {
      float[] expected = new float[8];
      if (timestep > 300 && timestep <= 600) {
        always.denoise(x, new int[] {timestep}, new int[] {3}, expected);
      } else {
        conditional(x, new int[] {timestep}, new int[] {3}, expected);
      }
      float[] out = new float[8];
      guided.denoise(x, new int[] {timestep}, new int[] {3}, out);
      assertThat(out).as("timestep %d", timestep).isEqualTo(expected);
    }
    assertThat(batches).containsExactly(1, 1, 2, 2, 1, 1);
  }

  @Test
  void inABatchOnlyClipsInsideOfTheIntervalAreGuided() {
    GuidedDenoiser guided =
        new GuidedDenoiser(GuidedDenoiserTest::conditional, SHAPE, 7, NULL_LABEL)
            .within(new GuidanceInterval(0.2, 8));
    float[] out = new float[16];
    guided.denoise(new float[8], new int[] {10, 500}, new int[] {2, 2}, out);
    float[] plain = new float[8];
    conditional(new float[4], new int[] {10}, new int[] {2}, plain);
    assertThat(Arrays.copyOf(out, 8)).isEqualTo(plain);
    assertThat(out[8]).isEqualTo(90 + 7 * (20 - 90) + 500);
  }

  @Test
  void anIntervalFromHighToLowIsRefused() {
    assertThatThrownBy(() -> new GuidanceInterval(8, 0.2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 8.0 to 0.2");
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
