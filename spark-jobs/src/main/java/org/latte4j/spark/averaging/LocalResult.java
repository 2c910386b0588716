package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.util.List;

/**
 * What one worker's local steps report.
 *
 * @param steps one entry a step, in order
 * @param samples training samples used
 * @param dataSeconds time spent waiting for training data, part of the time of the steps
 */
public record LocalResult(List<StepMetrics> steps, long samples, double dataSeconds)
    implements Serializable {
  /** Copies the list. */
  public LocalResult {
    steps = List.copyOf(steps);
  }
}
