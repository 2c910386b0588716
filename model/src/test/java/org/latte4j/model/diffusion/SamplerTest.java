package org.latte4j.model.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final LatentShape SHAPE = new LatentShape(2, 3, 2, 2);
  private static final LatentShape ONE_VALUE = new LatentShape(1, 1, 1, 1);
  private static final double MEAN = 0.8;
  private static final double DEVIATION = 0.5;
  private static final int[] NO_LABELS = {};

  /**
   * For data from a normal distribution every reverse step is a known normal distribution, so even
   * a few steps of DDPM must give that distribution back. The chain is linear in its draws: one
   * clip a draw measures how much that draw counts.
   */
  @Test
  void ddpmGivesBackANormalDistributionWhateverTheNumberOfSteps() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("20"));
    float[] clips =
        Sampler.ddpm(schedule, ONE_VALUE)
            .sample(normalData(schedule), 21, NO_LABELS, new UnitDraws());
    assertThat((double) clips[20]).isCloseTo(MEAN, within(1e-3));
    assertThat(spread(clips)).isCloseTo(DEVIATION * DEVIATION, within(1e-3));
  }

  @Test
  void ddimGivesBackANormalDistributionWithManySteps() {
    NoiseSchedule schedule = NoiseSchedule.linear();
    float[] clips =
        Sampler.ddim(schedule, ONE_VALUE, 0)
            .sample(normalData(schedule), 1001, NO_LABELS, new UnitDraws());
    assertThat((double) clips[1000]).isCloseTo(MEAN, within(1e-2));
    assertThat(spread(clips)).isCloseTo(DEVIATION * DEVIATION, within(5e-3));
  }

  private static double spread(float[] clips) {
    double centre = clips[clips.length - 1];
    double sum = 0;
    for (float clip : clips) {
      sum += (clip - centre) * (clip - centre);
    }
    return sum;
  }

  /** Clip 0 starts at 1, clip k gets a 1 at step k; the rest, and all of the last clip, is 0. */
  private static final class UnitDraws implements NoiseSource {
    @Override
    public void start(float[] out) {
      Arrays.fill(out, 0);
      out[0] = 1;
    }

    @Override
    public void at(int step, float[] out) {
      Arrays.fill(out, 0);
      out[step] = 1;
    }
  }

  /** The best prediction, and the exact variance, for data of one normal distribution. */
  private static Denoiser normalData(NoiseSchedule schedule) {
    NoiseSchedule original = NoiseSchedule.linear();
    return (x, t, y, out) -> {
      int step = 0;
      while (schedule.timestep(step) != t[0]) {
        step++;
      }
      double alphaBar = original.alphaBar(t[0]);
      double data = DEVIATION * DEVIATION;
      double total = alphaBar * data + 1 - alphaBar;
      double startVariance = data * (1 - alphaBar) / total;
      double weight = schedule.posteriorStartWeight(step);
      double variance = schedule.posteriorVariance(step) + weight * weight * startVariance;
      double range = schedule.logBeta(step) - schedule.posteriorLogVariance(step);
      for (int i = 0; i < x.length; i++) {
        double distance = x[i] - Math.sqrt(alphaBar) * MEAN;
        out[2 * i] = (float) (Math.sqrt(1 - alphaBar) * distance / total);
        out[2 * i + 1] =
            (float) (2 * (Math.log(variance) - schedule.posteriorLogVariance(step)) / range - 1);
      }
    };
  }

  @Test
  void ddimWithEtaOneIsDdpmWithThePosteriorsVariance() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("50"));
    NoiseSource noise = new SeededNoise(1, new long[] {0, 1}, SHAPE);
    Denoiser lowestVariance = denoiser(-1);
    float[] ddpm = Sampler.ddpm(schedule, SHAPE).sample(lowestVariance, 2, NO_LABELS, noise);
    float[] ddim = Sampler.ddim(schedule, SHAPE, 1).sample(lowestVariance, 2, NO_LABELS, noise);
    assertThat(ddim).containsExactly(ddpm, within(1e-5f));
  }

  @Test
  void aVelocityThatSaysTheSameAsTheNoiseGivesTheSameClip() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("20"));
    NoiseSchedule original = NoiseSchedule.linear();
    NoiseSource noise = new SeededNoise(1, new long[] {0, 1}, SHAPE);
    Denoiser velocity =
        (x, t, y, out) -> {
          denoiser(0.5f).denoise(x, t, y, out);
          for (int i = 0; i < x.length; i++) {
            int predicted = i + i / SHAPE.frameLength() * SHAPE.frameLength();
            double noisePart = original.sqrtOneMinusAlphaBar(t[0]) * x[i];
            out[predicted] = (float) ((out[predicted] - noisePart) / original.sqrtAlphaBar(t[0]));
          }
        };
    for (Sampler sampler :
        List.of(Sampler.ddpm(schedule, SHAPE), Sampler.ddim(schedule, SHAPE, 0.5))) {
      assertThat(sampler.predicting(Prediction.VELOCITY).sample(velocity, 2, NO_LABELS, noise))
          .containsExactly(sampler.sample(denoiser(0.5f), 2, NO_LABELS, noise), within(1e-4f));
    }
  }

  @Test
  void aHeldFirstFrameComesBackExactlyAndIsSeenWithTheNoiseOfEveryStep() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("10"));
    NoiseSource noise = new SeededNoise(3, new long[] {7, 8}, SHAPE);
    float[] start = new float[2 * SHAPE.length()];
    noise.start(start);
    float[] frame = new float[SHAPE.frameLength()];
    for (int i = 0; i < frame.length; i++) {
      frame[i] = 2 - i / 3f;
    }
    List<Integer> left = new ArrayList<>(List.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    Denoiser watching =
        (x, t, y, out) -> {
          int step = left.remove(0);
          for (int clip = 0; clip < 2; clip++) {
            for (int i = 0; i < frame.length; i++) {
              int at = clip * SHAPE.length() + i;
              assertThat(x[at]).isEqualTo((float) schedule.noisy(step, frame[i], start[at]));
            }
          }
          denoiser(0).denoise(x, t, y, out);
        };
    Sampler free = Sampler.ddpm(schedule, SHAPE);
    float[] clips = free.withFirstFrame(frame).sample(watching, 2, NO_LABELS, noise);
    assertThat(left).isEmpty();
    assertThat(Arrays.copyOf(clips, frame.length)).isEqualTo(frame);
    assertThat(Arrays.copyOfRange(clips, SHAPE.length(), SHAPE.length() + frame.length))
        .isEqualTo(frame);
  }

  /**
   * Both frames of the data are the same value. The right prediction for that uses both, and so
   * brings the free frame to the held one.
   */
  @Test
  void theOtherFramesAreSampledToGoWithTheHeldOne() {
    LatentShape twoFrames = new LatentShape(2, 1, 1, 1);
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("250"));
    Denoiser sameInBothFrames =
        (x, t, y, out) -> {
          double alphaBar = NoiseSchedule.linear().alphaBar(t[0]);
          for (int clip = 0; clip < t.length; clip++) {
            double sum = x[2 * clip] + x[2 * clip + 1];
            double start = Math.sqrt(alphaBar) * sum / (1 - alphaBar + 2 * alphaBar);
            for (int frame = 0; frame < 2; frame++) {
              double noisy = x[2 * clip + frame];
              out[4 * clip + 2 * frame] =
                  (float) ((noisy - Math.sqrt(alphaBar) * start) / Math.sqrt(1 - alphaBar));
              out[4 * clip + 2 * frame + 1] = -1;
            }
          }
        };
    float[] clip =
        Sampler.ddpm(schedule, twoFrames)
            .withFirstFrame(new float[] {1.5f})
            .sample(sameInBothFrames, 1, NO_LABELS, new SeededNoise(0, new long[] {3}, twoFrames));
    assertThat(clip[0]).isEqualTo(1.5f);
    assertThat(clip[1]).isCloseTo(1.5f, within(0.15f));
  }

  @Test
  void aFirstFrameOfAnotherSizeIsRefused() {
    assertThatThrownBy(
            () -> Sampler.ddpm(NoiseSchedule.linear(), SHAPE).withFirstFrame(new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12 values, not 5");
  }

  /** A smooth made-up prediction that mixes the values of a frame. */
  private static Denoiser denoiser(float varianceValue) {
    return (x, t, y, out) -> {
      int frameLength = SHAPE.frameLength();
      for (int i = 0; i < x.length; i++) {
        int frame = i / frameLength;
        int neighbour = frame * frameLength + (i + 1) % frameLength;
        out[i + frame * frameLength] = (float) Math.sin(x[i] + 0.3 * x[neighbour] + t[0] * 1e-3);
        out[i + (frame + 1) * frameLength] = varianceValue;
      }
    };
  }

  @Test
  void ddimWithoutNoiseDrawsNone() {
    NoiseSource startOnly =
        new NoiseSource() {
          @Override
          public void start(float[] out) {
            Arrays.fill(out, 0.5f);
          }

          @Override
          public void at(int step, float[] out) {
            throw new AssertionError("drawn at step " + step);
          }
        };
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("ddim10"));
    float[] clip = Sampler.ddim(schedule, SHAPE, 0).sample(denoiser(0), 1, NO_LABELS, startOnly);
    assertThat(clip).hasSize(SHAPE.length());
  }

  @Test
  void aClipDoesNotDependOnItsBatch() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("10"));
    Sampler sampler = Sampler.ddpm(schedule, SHAPE);
    float[] three =
        sampler.sample(denoiser(0), 3, NO_LABELS, new SeededNoise(5, new long[] {4, 9, 2}, SHAPE));
    float[] alone =
        sampler.sample(denoiser(0), 1, NO_LABELS, new SeededNoise(5, new long[] {9}, SHAPE));
    assertThat(alone).isEqualTo(Arrays.copyOfRange(three, SHAPE.length(), 2 * SHAPE.length()));
  }

  @Test
  void theDenoiserIsToldTheTimestepsItWasTrainedWith() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("ddim4"));
    List<int[]> seen = new ArrayList<>();
    Denoiser recording =
        (x, t, y, out) -> {
          seen.add(t.clone());
          denoiser(0).denoise(x, t, y, out);
        };
    Sampler.ddpm(schedule, SHAPE)
        .sample(recording, 2, new int[] {1, 0}, new SeededNoise(0, new long[] {0, 1}, SHAPE));
    assertThat(seen).containsExactly(new int[][] {{750, 750}, {500, 500}, {250, 250}, {0, 0}});
  }

  @Test
  void theObserverSeesEveryStep() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("5"));
    List<String> seen = new ArrayList<>();
    Sampler.ddpm(schedule, SHAPE)
        .observedBy((done, total, x) -> seen.add(done + "/" + total))
        .sample(denoiser(0), 1, NO_LABELS, new SeededNoise(0, new long[] {0}, SHAPE));
    assertThat(seen).containsExactly("1/5", "2/5", "3/5", "4/5", "5/5");
  }

  @Test
  void clampedSamplesStayInsideTheRangesOfTheirChannel() {
    ChannelRanges ranges =
        new ChannelRanges(new float[] {-1, -0.5f, 0}, new float[] {1, 0.5f, 0.25f});
    Denoiser wild =
        (x, t, y, out) -> {
          for (int i = 0; i < out.length; i++) {
            out[i] = i % 2 == 0 ? 30 : -30;
          }
        };
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("10"));
    NoiseSource noise = new SeededNoise(0, new long[] {0}, SHAPE);
    for (Sampler sampler :
        List.of(Sampler.ddpm(schedule, SHAPE), Sampler.ddim(schedule, SHAPE, 0.5))) {
      float[] clip = sampler.clampedTo(ranges).sample(wild, 1, NO_LABELS, noise);
      for (int i = 0; i < clip.length; i++) {
        int channel = i / 4 % 3;
        assertThat(clip[i]).isBetween(ranges.minimum(channel), ranges.maximum(channel));
      }
      assertThat(Math.abs(sampler.sample(wild, 1, NO_LABELS, noise)[0])).isGreaterThan(1);
    }
  }

  @Test
  void wideRangesChangeNothing() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("10"));
    float[] far = {1e9f, 1e9f, 1e9f};
    ChannelRanges wide = new ChannelRanges(new float[] {-1e9f, -1e9f, -1e9f}, far);
    NoiseSource noise = new SeededNoise(0, new long[] {0}, SHAPE);
    Sampler sampler = Sampler.ddpm(schedule, SHAPE);
    assertThat(sampler.clampedTo(wide).sample(denoiser(0), 1, NO_LABELS, noise))
        .isEqualTo(sampler.sample(denoiser(0), 1, NO_LABELS, noise));
  }

  @Test
  void valuesThatAreNotFiniteEndTheSampling() {
    NoiseSchedule schedule = NoiseSchedule.linear().respaced(Respacing.parse("10"));
    Denoiser broken = (x, t, y, out) -> out[SHAPE.length() * 2 + 3] = Float.NaN;
    assertThatThrownBy(
            () ->
                Sampler.ddpm(schedule, SHAPE)
                    .sample(broken, 2, NO_LABELS, new SeededNoise(0, new long[] {0, 1}, SHAPE)))
        .isInstanceOf(SamplingDivergedException.class)
        .hasMessageContaining("sample 1 of the batch")
        .hasMessageContaining("step 1 of 10 (timestep 999)");
  }

  @Test
  void anEtaOutsideOfZeroToOneIsRefused() {
    assertThatThrownBy(() -> Sampler.ddim(NoiseSchedule.linear(), SHAPE, 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("between 0 and 1");
  }

  @Test
  void rangesOfAnotherNumberOfChannelsAreRefused() {
    assertThatThrownBy(
            () ->
                Sampler.ddpm(NoiseSchedule.linear(), SHAPE)
                    .clampedTo(new ChannelRanges(new float[] {0}, new float[] {1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 channels for latents of 3");
  }

  @Test
  void aRangeFromHighToLowIsRefused() {
    assertThatThrownBy(() -> new ChannelRanges(new float[] {0, 2}, new float[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("channel 1 runs from 2.0 to 1.0");
  }
}
