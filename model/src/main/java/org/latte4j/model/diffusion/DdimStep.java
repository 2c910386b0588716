package org.latte4j.model.diffusion;

/**
 * A step of DDIM (arXiv 2010.02502), equation 12. The learned variance plays no part.
 *
 * @param schedule the steps visited
 * @param step the step being left
 * @param startWeight weight of the predicted x_0: sqrt(alphaBarPrevious)
 * @param deviation sigma: standard deviation of the noise added
 * @param direction weight of the predicted noise: sqrt(1 - alphaBarPrevious - sigma^2)
 */
record DdimStep(
    NoiseSchedule schedule, int step, double startWeight, double deviation, double direction)
    implements ReverseStep {

  /**
   * The step of a schedule.
   *
   * @param eta share of the noise: 0 none (deterministic), 1 that of the DDPM posterior
   */
  static DdimStep of(NoiseSchedule schedule, int step, double eta) {
    double alphaBar = schedule.alphaBar(step);
    double previous = schedule.alphaBarPrevious(step);
    double deviation =
        eta * Math.sqrt((1 - previous) / (1 - alphaBar)) * Math.sqrt(1 - alphaBar / previous);
    // Rounding may carry this just below zero for eta = 1.
    double direction = Math.sqrt(Math.max(0, 1 - previous - deviation * deviation));
    return new DdimStep(schedule, step, Math.sqrt(previous), deviation, direction);
  }

  @Override
  public boolean addsNoise() {
    return deviation > 0;
  }

  @Override
  public double previous(double noisy, double start, double variance, double noise) {
    // The noise that goes with the predicted x_0, which may have been limited to a range.
    double predicted = schedule.noise(step, noisy, start);
    double mean = startWeight * start + direction * predicted;
    return mean + deviation * noise;
  }
}
