package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.util.List;

/**
 * What one optimiser step of one worker reports.
 *
 * @param loss mean loss of the step's samples
 * @param gradientNorm L2 norm of the gradient before clipping
 * @param terms that the loss is made of, where a model tells them apart
 */
public record StepMetrics(double loss, double gradientNorm, List<Double> terms)
    implements Serializable {
  /** Copies the list. */
  public StepMetrics {
    terms = List.copyOf(terms);
  }

  /** A loss that is not told apart. */
  public StepMetrics(double loss, double gradientNorm) {
    this(loss, gradientNorm, List.of());
  }

  /** Whether both are finite numbers; a step of which they are not changes nothing. */
  public boolean finite() {
    return Double.isFinite(loss) && Double.isFinite(gradientNorm);
  }
}
