package org.latte4j.model.diffusion;

import java.io.Serializable;
import java.util.Objects;

/**
 * What a network is trained to predict, and how much each timestep's squared error counts.
 *
 * <p>Min-SNR weighting (Hang et al., arXiv 2303.09556, section 3.4) counts the squared error of x_0
 * with min(SNR, gamma), SNR being alphaBar / (1 - alphaBar): timesteps with little noise, whose
 * errors are easy to make small and whose gradients pull against the others', count no more than
 * gamma. In terms of what is predicted, that is min(SNR, gamma) / SNR for the noise and min(SNR,
 * gamma) / (SNR + 1) for v. The variational bound is not weighted.
 *
 * @param prediction what the network's first C output channels stand for
 * @param minSnrGamma gamma, 5 in the paper; 0 for equal weights, as the reference
 */
public record Objective(Prediction prediction, double minSnrGamma) implements Serializable {
  /** The reference's: the noise, all timesteps alike. */
  public static final Objective REFERENCE = new Objective(Prediction.NOISE, 0);

  /** Refuses a negative or infinite gamma. */
  public Objective {
    Objects.requireNonNull(prediction);
    if (!(minSnrGamma >= 0 && Double.isFinite(minSnrGamma))) {
      throw new IllegalArgumentException(
          "min-SNR's gamma is a positive number, or 0 for equal weights, not " + minSnrGamma);
    }
  }

  /** Predicts so, all timesteps alike. */
  public static Objective of(Prediction prediction) {
    return new Objective(prediction, 0);
  }

  /** What the squared error of the prediction counts at a step. */
  public double weight(NoiseSchedule schedule, int step) {
    if (minSnrGamma == 0) {
      return 1;
    }
    double alphaBar = schedule.alphaBar(step);
    double startError = prediction.predictedWeight(schedule, step);
    return Math.min(alphaBar / (1 - alphaBar), minSnrGamma) * startError * startError;
  }
}
