package org.latte4j.model.diffusion;

/**
 * How noise grows from step to step, with every quantity derived from it, in double precision. DDPM
 * (arXiv 2006.11239), sections 2 and 3; learned variances: improved DDPM (arXiv 2102.09672),
 * section 3.1.
 *
 * <p>Letters: beta_t is the variance of the noise that step t adds, alphaBar_t the product of (1 -
 * beta) up to and including t. Steps count from 0 (least noise) to {@code steps() - 1}. A respaced
 * schedule counts its own steps; {@link #timestep} gives the number that the network was trained
 * with.
 *
 * <p>Immutable and thread-safe. Steps out of range throw {@link ArrayIndexOutOfBoundsException}.
 */
public final class NoiseSchedule {
  /** T: diffusion steps of DDPM and Latte, which networks are trained on. */
  public static final int STEPS = 1000;

  private final int[] timesteps;
  private final double[] beta;
  private final double[] logBeta;
  private final double[] alphaBar;
  private final double[] alphaBarPrevious;
  private final double[] alphaBarNext;
  private final double[] posteriorVariance;
  private final double[] posteriorLogVariance;
  private final double[] posteriorStartWeight;
  private final double[] posteriorNoisyWeight;
  private final double[] sqrtAlphaBar;
  private final double[] sqrtOneMinusAlphaBar;
  private final double[] sqrtReciprocalAlphaBar;
  private final double[] sqrtReciprocalAlphaBarMinusOne;

  private NoiseSchedule(double[] beta, int[] timesteps) {
    int steps = beta.length;
    this.beta = beta;
    this.timesteps = timesteps;
    logBeta = new double[steps];
    alphaBar = new double[steps];
    alphaBarPrevious = new double[steps];
    alphaBarNext = new double[steps];
    posteriorVariance = new double[steps];
    posteriorLogVariance = new double[steps];
    posteriorStartWeight = new double[steps];
    posteriorNoisyWeight = new double[steps];
    sqrtAlphaBar = new double[steps];
    sqrtOneMinusAlphaBar = new double[steps];
    sqrtReciprocalAlphaBar = new double[steps];
    sqrtReciprocalAlphaBarMinusOne = new double[steps];
    double product = 1;
    for (int t = 0; t < steps; t++) {
      alphaBarPrevious[t] = product;
      product *= 1 - beta[t];
      alphaBar[t] = product;
      if (t > 0) {
        alphaBarNext[t - 1] = product;
      }
    }
    for (int t = 0; t < steps; t++) {
      double noisePart = 1 - alphaBar[t];
      logBeta[t] = StrictMath.log(beta[t]);
      sqrtAlphaBar[t] = Math.sqrt(alphaBar[t]);
      sqrtOneMinusAlphaBar[t] = Math.sqrt(noisePart);
      sqrtReciprocalAlphaBar[t] = Math.sqrt(1 / alphaBar[t]);
      sqrtReciprocalAlphaBarMinusOne[t] = Math.sqrt(1 / alphaBar[t] - 1);
      posteriorVariance[t] = beta[t] * (1 - alphaBarPrevious[t]) / noisePart;
      posteriorStartWeight[t] = beta[t] * Math.sqrt(alphaBarPrevious[t]) / noisePart;
      posteriorNoisyWeight[t] = (1 - alphaBarPrevious[t]) * Math.sqrt(1 - beta[t]) / noisePart;
    }
    for (int t = 0; t < steps; t++) {
      posteriorLogVariance[t] = StrictMath.log(posteriorVariance[Math.max(t, 1)]);
    }
  }

  /** The schedule of DDPM and Latte: {@link #STEPS} steps, beta from 0.0001 to 0.02. */
  public static NoiseSchedule linear() {
    return linear(STEPS, 1e-4, 0.02);
  }

  /**
   * Betas evenly spaced from {@code first} to {@code last}, both between 0 and 1.
   *
   * @param steps at least 2
   */
  public static NoiseSchedule linear(int steps, double first, double last) {
    if (steps < 2) {
      throw new IllegalArgumentException(
          "a noise schedule needs at least 2 steps, not %d".formatted(steps));
    }
    if (!(first > 0 && first < 1 && last > 0 && last < 1)) {
      throw new IllegalArgumentException(
          "betas lie between 0 and 1, both excluded, not first %s and last %s"
              .formatted(first, last));
    }
    double[] beta = new double[steps];
    int[] timesteps = new int[steps];
    double increment = (last - first) / (steps - 1);
    for (int t = 0; t < steps; t++) {
      beta[t] = t == steps - 1 ? last : first + t * increment;
      timesteps[t] = t;
    }
    return new NoiseSchedule(beta, timesteps);
  }

  /**
   * The schedule that visits only some of these steps and has the same alphaBar at each of them.
   *
   * @throws IllegalArgumentException if fewer than 2 steps, or more than there are, would be kept
   */
  public NoiseSchedule respaced(Respacing respacing) {
    int[] kept = respacing.timesteps(steps());
    if (kept.length < 2) {
      throw new IllegalArgumentException(
          "sampling steps '%s' keep %d of %d steps; at least 2 are needed"
              .formatted(respacing, kept.length, steps()));
    }
    double[] keptBeta = new double[kept.length];
    int[] keptTimesteps = new int[kept.length];
    double previous = 1;
    for (int i = 0; i < kept.length; i++) {
      keptBeta[i] = 1 - alphaBar[kept[i]] / previous;
      keptTimesteps[i] = timesteps[kept[i]];
      previous = alphaBar[kept[i]];
    }
    return new NoiseSchedule(keptBeta, keptTimesteps);
  }

  /** Number of steps. */
  public int steps() {
    return beta.length;
  }

  /** The timestep that the network knows this step by, 0..999. */
  public int timestep(int step) {
    return timesteps[step];
  }

  /** Variance of the noise that this step adds. */
  public double beta(int step) {
    return beta[step];
  }

  /** Natural logarithm of beta: the upper end of the learned log variance. */
  public double logBeta(int step) {
    return logBeta[step];
  }

  /** Share of the clean signal's variance that is left after this step. */
  public double alphaBar(int step) {
    return alphaBar[step];
  }

  /** alphaBar of the step before; 1 at step 0. */
  public double alphaBarPrevious(int step) {
    return alphaBarPrevious[step];
  }

  /** alphaBar of the step after; 0 at the last step. */
  public double alphaBarNext(int step) {
    return alphaBarNext[step];
  }

  /** Weight of the clean latents in the noisy ones. */
  public double sqrtAlphaBar(int step) {
    return sqrtAlphaBar[step];
  }

  /** Weight of the noise in the noisy latents. */
  public double sqrtOneMinusAlphaBar(int step) {
    return sqrtOneMinusAlphaBar[step];
  }

  /** sqrt(1 / alphaBar). */
  public double sqrtReciprocalAlphaBar(int step) {
    return sqrtReciprocalAlphaBar[step];
  }

  /** sqrt(1 / alphaBar - 1). */
  public double sqrtReciprocalAlphaBarMinusOne(int step) {
    return sqrtReciprocalAlphaBarMinusOne[step];
  }

  /**
   * The noise's standard deviation where the clean latents count 1, sqrt((1 - alphaBar) /
   * alphaBar): the sigma of Karras et al. (arXiv 2206.00364). Latte's schedule has 0.01 to 157.
   */
  public double noiseLevel(int step) {
    return sqrtReciprocalAlphaBarMinusOne[step];
  }

  /** Variance of q(x_{t-1} | x_t, x_0); 0 at step 0. */
  public double posteriorVariance(int step) {
    return posteriorVariance[step];
  }

  /**
   * Natural logarithm of the posterior variance, with step 1's at step 0, where the variance is 0:
   * the lower end of the learned log variance.
   */
  public double posteriorLogVariance(int step) {
    return posteriorLogVariance[step];
  }

  /** Weight of x_0 in the mean of q(x_{t-1} | x_t, x_0). */
  public double posteriorStartWeight(int step) {
    return posteriorStartWeight[step];
  }

  /** Weight of x_t in the mean of q(x_{t-1} | x_t, x_0). */
  public double posteriorNoisyWeight(int step) {
    return posteriorNoisyWeight[step];
  }

  /** x_t of clean latents and noise. */
  public double noisy(int step, double start, double noise) {
    return sqrtAlphaBar[step] * start + sqrtOneMinusAlphaBar[step] * noise;
  }

  /** The x_0 that x_t and its noise imply: the inverse of {@link #noisy}. */
  public double start(int step, double noisy, double noise) {
    return sqrtReciprocalAlphaBar[step] * noisy - sqrtReciprocalAlphaBarMinusOne[step] * noise;
  }

  /** The noise that x_t and its x_0 imply. */
  public double noise(int step, double noisy, double start) {
    return (sqrtReciprocalAlphaBar[step] * noisy - start) / sqrtReciprocalAlphaBarMinusOne[step];
  }

  /** Mean of q(x_{t-1} | x_t, x_0). */
  public double posteriorMean(int step, double start, double noisy) {
    return posteriorStartWeight[step] * start + posteriorNoisyWeight[step] * noisy;
  }

  /**
   * The learned log variance: between the posterior's (variance value -1) and beta's (variance
   * value 1). Improved DDPM, equation 15.
   *
   * @param value the network's variance value, not limited to -1..1
   */
  public double learnedLogVariance(int step, double value) {
    double share = (value + 1) / 2;
    return share * logBeta[step] + (1 - share) * posteriorLogVariance[step];
  }
}
