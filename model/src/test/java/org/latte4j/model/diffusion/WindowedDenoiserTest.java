package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

class WindowedDenoiserTest {
  private static final LatentShape WINDOW = new LatentShape(4, 1, 1, 2);

  /** Mixes all frames of a window, so that predictions tell windows apart. */
  private static void mixing(float[] x, int[] t, int[] y, float[] out) {
    for (int clip = 0; clip < t.length; clip++) {
      float sum = 0;
      for (int i = clip * 8; i < clip * 8 + 8; i++) {
        sum += (i % 8 + 1) * x[i];
      }
      for (int i = 0; i < 16; i++) {
        out[clip * 16 + i] = sum + i + t[clip] + 10 * y[clip];
      }
    }
  }

  @Test
  void windowsLieAnOverlapApartAndTheLastEndsWithTheClip() {
    assertThat(WindowedDenoiser.starts(16, 16, 8)).containsExactly(0);
    assertThat(WindowedDenoiser.starts(32, 16, 8)).containsExactly(0, 8, 16);
    assertThat(WindowedDenoiser.starts(33, 16, 8)).containsExactly(0, 8, 16, 17);
    assertThat(WindowedDenoiser.starts(17, 16, 1)).containsExactly(0, 1);
    assertThat(WindowedDenoiser.starts(46, 16, 1)).containsExactly(0, 15, 30);
  }

  @Test
  void aClipOfTheWindowsLengthIsPredictedAsItIs() {
    float[] x = normals(16);
    float[] plain = new float[32];
    float[] windowed = new float[32];
    mixing(x, new int[] {3, 4}, new int[] {1, 2}, plain);
    new WindowedDenoiser(WindowedDenoiserTest::mixing, WINDOW, 4, 2, 9)
        .denoise(x, new int[] {3, 4}, new int[] {1, 2}, windowed);
    assertThat(windowed).isEqualTo(plain);
  }

  @Test
  void aFramesPredictionIsTheMeanOverItsWindows() {
    float[] x = normals(12);
    float[] out = new float[24];
    new WindowedDenoiser(WindowedDenoiserTest::mixing, WINDOW, 6, 2, 9)
        .denoise(x, new int[] {3}, new int[] {1}, out);
    float[] first = new float[16];
    float[] second = new float[16];
    mixing(Arrays.copyOf(x, 8), new int[] {3}, new int[] {1}, first);
    mixing(Arrays.copyOfRange(x, 4, 12), new int[] {3}, new int[] {1}, second);
    for (int i = 0; i < 8; i++) {
      assertThat(out[i]).isEqualTo(first[i]);
      assertThat(out[8 + i]).isEqualTo((first[8 + i] + second[i]) / 2);
      assertThat(out[16 + i]).isEqualTo(second[8 + i]);
    }
  }

  @Test
  void howManyWindowsGoThroughTheNetworkAtOnceChangesNothing() {
    float[] x = normals(3 * 2 * 11);
    int[] t = {3, 4, 5};
    int[] y = {1, 2, 0};
    float[] all = new float[2 * x.length];
    new WindowedDenoiser(WindowedDenoiserTest::mixing, WINDOW, 11, 1, 100).denoise(x, t, y, all);
    for (int most = 1; most < 5; most++) {
      List<Integer> seen = new ArrayList<>();
      Denoiser counting =
          (windowX, windowT, windowY, out) -> {
            seen.add(windowT.length);
            mixing(windowX, windowT, windowY, out);
          };
      float[] few = new float[all.length];
      new WindowedDenoiser(counting, WINDOW, 11, 1, most).denoise(x, t, y, few);
      assertThat(few).isEqualTo(all);
      assertThat(seen).allMatch(windows -> windows <= 4);
      assertThat(seen.stream().mapToInt(Integer::intValue).sum()).isEqualTo(12);
    }
  }

  /**
   * Frames that do not depend on each other: windows must leave no trace, neither in the mean nor
   * in the spread, wherever they overlap.
   */
  @Test
  void longClipsOfIndependentFramesAreSampledAsIfThereWereNoWindows() {
    Denoiser frameByFrame =
        (x, t, y, out) -> {
          for (int i = 0; i < x.length; i++) {
            int predicted = i + i / 2 * 2;
            out[predicted] = (float) Math.sin(x[i] + t[0] * 1e-3);
            out[predicted + 2] = 0.3f;
          }
        };
    LatentShape clip = new LatentShape(11, 1, 1, 2);
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("20"));
    NoiseSource noise = new SeededNoise(4, new long[] {0, 5}, clip);
    Sampler sampler = Sampler.ddpm(schedule, clip);
    float[] whole = sampler.sample(frameByFrame, 2, new int[0], noise);
    float[] windowed =
        sampler.sample(new WindowedDenoiser(frameByFrame, WINDOW, 11, 3, 2), 2, new int[0], noise);
    assertThat(windowed).containsExactly(whole, within(1e-5f));
  }

  @Test
  void windowsThatDoNotOverlapAreRefused() {
    for (int overlap : new int[] {0, 4}) {
      assertThatThrownBy(
              () -> new WindowedDenoiser(WindowedDenoiserTest::mixing, WINDOW, 8, overlap, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("overlap by 1 to 3, not by " + overlap);
    }
  }

  @Test
  void aClipShorterThanAWindowIsRefused() {
    assertThatThrownBy(() -> new WindowedDenoiser(WindowedDenoiserTest::mixing, WINDOW, 3, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 frames is shorter than a window of 4");
  }

  private static float[] normals(int count) {
    float[] values = new float[count];
    RandomStream.of(1, Purpose.NOISE).normals(values);
    return values;
  }
}
