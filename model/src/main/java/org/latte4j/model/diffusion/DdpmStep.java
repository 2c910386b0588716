package org.latte4j.model.diffusion;

/**
 * Ancestral sampling with the learned variance: a draw from p(x_{t-1} | x_t). DDPM (arXiv
 * 2006.11239), algorithm 2; improved DDPM (arXiv 2102.09672), equation 15.
 */
record DdpmStep(NoiseSchedule schedule, int step) implements ReverseStep {
  @Override
  public boolean addsNoise() {
    return step > 0;
  }

  @Override
  public double previous(double noisy, double start, double variance, double noise) {
    double mean = schedule.posteriorMean(step, start, noisy);
    if (step == 0) {
      return mean;
    }
    return mean + StrictMath.exp(0.5 * schedule.learnedLogVariance(step, variance)) * noise;
  }
}
