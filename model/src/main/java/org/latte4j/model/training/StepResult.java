package org.latte4j.model.training;

/**
 * What one training step saw.
 *
 * @param loss mean over the batch of mse, with the objective's weights, + vb
 * @param mse mean squared error of the prediction, without weights
 * @param vb variational bound term of the variance, in bits
 * @param gradientNorm of the mean loss, before clipping
 */
public record StepResult(double loss, double mse, double vb, double gradientNorm) {
  /** Whether loss and gradient norm are finite numbers. */
  public boolean finite() {
    return Double.isFinite(loss) && Double.isFinite(gradientNorm);
  }
}
