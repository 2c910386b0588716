package org.latte4j.model.diffusion;

import java.util.Arrays;

/**
 * Draws clips from a trained denoiser by walking a noise schedule backwards, by DDPM's ancestral
 * sampling or by DDIM.
 *
 * <p>Each clip of a batch is worked out on its own, in double precision with latents kept in single
 * precision: with a noise source and a denoiser that treat the clips of a batch independently, a
 * clip does not depend on its neighbours.
 *
 * <p>Immutable. A sampler may serve several threads at once if denoiser, noise source and observer
 * may.
 */
public final class Sampler {
  /** What becomes of a predicted value of x_0 before it is used. */
  private interface StartLimit {
    double apply(int channel, double start);
  }

  private final NoiseSchedule schedule;
  private final LatentShape shape;
  private final ReverseStep.Process process;
  private final Prediction prediction;
  private final StartLimit limit;
  private final float[] firstFrame;
  private final SamplingObserver observer;

  private Sampler(
      NoiseSchedule schedule,
      LatentShape shape,
      ReverseStep.Process process,
      Prediction prediction,
      StartLimit limit,
      float[] firstFrame,
      SamplingObserver observer) {
    this.schedule = schedule;
    this.shape = shape;
    this.process = process;
    this.prediction = prediction;
    this.limit = limit;
    this.firstFrame = firstFrame;
    this.observer = observer;
  }

  private static Sampler of(
      NoiseSchedule schedule, LatentShape shape, ReverseStep.Process process) {
    return new Sampler(
        schedule,
        shape,
        process,
        Prediction.NOISE,
        (channel, start) -> start,
        new float[0],
        (done, total, x) -> {});
  }

  /**
   * DDPM with the learned variance.
   *
   * @param schedule the steps to visit; respaced for fewer steps than the model was trained on
   * @param shape size of one clip
   */
  public static Sampler ddpm(NoiseSchedule schedule, LatentShape shape) {
    return of(schedule, shape, step -> new DdpmStep(schedule, step));
  }

  /**
   * DDIM.
   *
   * @param schedule the steps to visit
   * @param shape size of one clip
   * @param eta from 0, deterministic given the start, to 1, as much noise as DDPM's posterior
   */
  public static Sampler ddim(NoiseSchedule schedule, LatentShape shape, double eta) {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("DDIM's eta lies between 0 and 1, not %s".formatted(eta));
    }
    return of(schedule, shape, step -> DdimStep.of(schedule, step, eta));
  }

  /** The same sampler, for denoisers that predict this; the noise unless set. */
  public Sampler predicting(Prediction prediction) {
    return new Sampler(schedule, shape, process, prediction, limit, firstFrame, observer);
  }

  /**
   * The same sampler, holding the first frame of every clip at these latents, which come back
   * exactly; the other frames are sampled to go with it.
   *
   * @param latents clean latents of a frame, as the model was trained on [C, H, W]
   */
  public Sampler withFirstFrame(float[] latents) {
    if (latents.length != shape.frameLength()) {
      throw new IllegalArgumentException(
          "a frame of %s has %d values, not %d"
              .formatted(shape, shape.frameLength(), latents.length));
    }
    return new Sampler(schedule, shape, process, prediction, limit, latents.clone(), observer);
  }

  /** The same sampler, limiting the predicted x_0 to these ranges in every step. */
  public Sampler clampedTo(ChannelRanges ranges) {
    if (ranges.channels() != shape.channels()) {
      throw new IllegalArgumentException(
          "ranges of %d channels for latents of %d channels"
              .formatted(ranges.channels(), shape.channels()));
    }
    return new Sampler(schedule, shape, process, prediction, ranges::clamp, firstFrame, observer);
  }

  /** The same sampler, telling this observer of every step. */
  public Sampler observedBy(SamplingObserver observer) {
    return new Sampler(schedule, shape, process, prediction, limit, firstFrame, observer);
  }

  /** Number of steps, each one call of the denoiser. */
  public int steps() {
    return schedule.steps();
  }

  /**
   * Draws a batch of clips.
   *
   * @param denoiser gives predictions and variance values
   * @param count B, number of clips
   * @param labels class of each clip [B]; empty if the model has no classes
   * @param noise where randomness comes from
   * @return x_0 [B, F, C, H, W]
   * @throws SamplingDivergedException if a value is not finite
   */
  public float[] sample(Denoiser denoiser, int count, int[] labels, NoiseSource noise) {
    if (count < 1 || (labels.length != 0 && labels.length != count)) {
      throw new IllegalArgumentException(
          "%d labels for %d clips: expected one a clip, or none".formatted(labels.length, count));
    }
    int length = Math.multiplyExact(count, shape.length());
    float[] x = new float[length];
    float[] drawn = new float[length];
    float[] output = new float[Math.multiplyExact(2, length)];
    int[] timesteps = new int[count];
    noise.start(x);
    HeldFrame held = new HeldFrame(schedule, shape, firstFrame, x);
    for (int step = steps() - 1; step >= 0; step--) {
      held.at(step, x);
      Arrays.fill(timesteps, schedule.timestep(step));
      denoiser.denoise(x, timesteps, labels, output);
      ReverseStep reverse = process.from(step);
      if (reverse.addsNoise()) {
        noise.at(step, drawn);
      }
      for (int frame = 0; frame < count * shape.frames(); frame++) {
        stepBack(reverse, step, frame, x, output, drawn);
      }
      if (step == 0) {
        held.atTheEnd(x);
      }
      checkFinite(x, step);
      observer.stepDone(steps() - step, steps(), x);
    }
    return x;
  }

  /** Moves one frame's latents from {@code step} to the one before. */
  private void stepBack(
      ReverseStep reverse, int step, int frame, float[] x, float[] output, float[] drawn) {
    int pixels = shape.height() * shape.width();
    int from = frame * shape.frameLength();
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int i = from + channel * pixels; i < from + (channel + 1) * pixels; i++) {
        int predicted = from + i;
        double start =
            limit.apply(channel, prediction.start(schedule, step, x[i], output[predicted]));
        float variance = output[predicted + shape.frameLength()];
        x[i] = (float) reverse.previous(x[i], start, variance, drawn[i]);
      }
    }
  }

  private void checkFinite(float[] x, int step) {
    for (int i = 0; i < x.length; i++) {
      if (!Float.isFinite(x[i])) {
        throw new SamplingDivergedException(
            i / shape.length(), steps() - step, steps(), schedule.timestep(step));
      }
    }
  }
}
