package org.latte4j.model.diffusion;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What the first C channels of the network's output stand for.
 *
 * <p>Either is an affine function of the other, given x_t, so that a sampler, guidance and the
 * learned variance work alike with both: x_0 = a x_t - b prediction.
 */
public enum Prediction {
  /** The noise that was added, as DDPM (arXiv 2006.11239) and Latte have it. */
  @JsonProperty("noise")
  NOISE {
    @Override
    double target(NoiseSchedule schedule, int step, double start, double noise) {
      return noise;
    }

    @Override
    double noisyWeight(NoiseSchedule schedule, int step) {
      return schedule.sqrtReciprocalAlphaBar(step);
    }

    @Override
    double predictedWeight(NoiseSchedule schedule, int step) {
      return schedule.sqrtReciprocalAlphaBarMinusOne(step);
    }
  },

  /**
   * v = sqrt(alphaBar) noise - sqrt(1 - alphaBar) x_0: Salimans and Ho (arXiv 2202.00512), section
   * 4. Says as much about x_0 where there is almost only noise as where there is almost none.
   */
  @JsonProperty("velocity")
  VELOCITY {
    @Override
    double target(NoiseSchedule schedule, int step, double start, double noise) {
      return schedule.sqrtAlphaBar(step) * noise - schedule.sqrtOneMinusAlphaBar(step) * start;
    }

    @Override
    double noisyWeight(NoiseSchedule schedule, int step) {
      return schedule.sqrtAlphaBar(step);
    }

    @Override
    double predictedWeight(NoiseSchedule schedule, int step) {
      return schedule.sqrtOneMinusAlphaBar(step);
    }
  };

  /** What the network should predict for clean latents and the noise added to them. */
  abstract double target(NoiseSchedule schedule, int step, double start, double noise);

  /** a: how much x_t counts in the x_0 that a prediction implies. */
  abstract double noisyWeight(NoiseSchedule schedule, int step);

  /** b: how much the prediction is subtracted from it; an error of it is b times that in x_0. */
  abstract double predictedWeight(NoiseSchedule schedule, int step);

  /** The x_0 that x_t and a prediction imply. */
  double start(NoiseSchedule schedule, int step, double noisy, double predicted) {
    return noisyWeight(schedule, step) * noisy - predictedWeight(schedule, step) * predicted;
  }
}
