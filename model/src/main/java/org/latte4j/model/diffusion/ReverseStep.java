package org.latte4j.model.diffusion;

/** The way from x_t to x_{t-1} of one value, with everything that depends on t worked out. */
interface ReverseStep {
  /** Whether the step adds noise; if not, the noise given to {@link #previous} has no effect. */
  boolean addsNoise();

  /**
   * One value of x_{t-1}.
   *
   * @param noisy the value of x_t
   * @param start the predicted value of x_0
   * @param variance the network's variance value
   * @param noise a standard normal value
   */
  double previous(double noisy, double start, double variance, double noise);

  /** The steps of a schedule. */
  @FunctionalInterface
  interface Process {
    /** The way from this step to the one before it, or from step 0 to x_0. */
    ReverseStep from(int step);
  }
}
