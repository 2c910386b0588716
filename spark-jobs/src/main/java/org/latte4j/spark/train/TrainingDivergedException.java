package org.latte4j.spark.train;

import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.StepMetrics;
import org.latte4j.spark.averaging.WorkerMetrics;

/** A loss or a gradient norm is not a finite number: going on would only spoil the weights. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private TrainingDivergedException(String message) {
    super(message);
  }

  /**
   * Refuses a round with a number that is not finite.
   *
   * @throws TrainingDivergedException naming round, worker and step
   */
  static void check(RoundMetrics metrics) {
    for (WorkerMetrics worker : metrics.workers()) {
      int number = 0;
      for (StepMetrics step : worker.local().steps()) {
        if (!Double.isFinite(step.loss()) || !Double.isFinite(step.gradientNorm())) {
          throw new TrainingDivergedException(
              "round %d, worker %d, local step %d: the loss is %s and the gradient's norm %s."
                      .formatted(
                          metrics.round(),
                          worker.worker(),
                          number,
                          step.loss(),
                          step.gradientNorm())
                  + " Training has diverged: go on from the last checkpoint with a lower"
                  + " train.learning-rate or train.clip-norm");
        }
        number++;
      }
    }
  }
}
