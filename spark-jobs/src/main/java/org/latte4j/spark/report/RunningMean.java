package org.latte4j.spark.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An exponential running mean: its weights fall to 1/e over a fiftieth of the curve, and it is
 * corrected for its start as Adam's moments are.
 */
final class RunningMean {
  private RunningMean() {}

  /** The mean at each value. */
  static List<Double> of(List<Double> values) {
    double keep = Math.exp(-50.0 / Math.max(50, values.size()));
    double sum = 0;
    double weight = 0;
    List<Double> means = new ArrayList<>(values.size());
    for (double value : values) {
      sum = keep * sum + (1 - keep) * value;
      weight = keep * weight + (1 - keep);
      means.add(sum / weight);
    }
    return means;
  }
}
