package org.latte4j.spark.averaging;

import java.io.Serializable;

/**
 * What one optimiser step of one worker reports.
 *
 * @param loss mean loss of the step's samples
 * @param gradientNorm L2 norm of the gradient before clipping
 */
public record StepMetrics(double loss, double gradientNorm) implements Serializable {
  /** Whether both are finite numbers; a step of which they are not changes nothing. */
  public boolean finite() {
    return Double.isFinite(loss) && Double.isFinite(gradientNorm);
  }
}
