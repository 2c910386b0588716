package org.latte4j.spark.averaging;

import java.util.List;
import java.util.Locale;

/**
 * What a finished round reports.
 *
 * @param round from 0
 * @param workers one entry a worker, in worker order
 * @param seconds wall time of the round as the driver saw it
 */
public record RoundMetrics(long round, List<WorkerMetrics> workers, double seconds) {
  /** Copies the list. */
  public RoundMetrics {
    workers = List.copyOf(workers);
  }

  /** Mean loss over all steps of all workers; NaN if the workers report no steps. */
  public double loss() {
    return steps().mapToDouble(StepMetrics::loss).average().orElse(Double.NaN);
  }

  /** Mean gradient norm over all steps of all workers; NaN if the workers report no steps. */
  public double gradientNorm() {
    return steps().mapToDouble(StepMetrics::gradientNorm).average().orElse(Double.NaN);
  }

  /** Training samples that all workers used. */
  public long samples() {
    return workers.stream().mapToLong(worker -> worker.local().samples()).sum();
  }

  /** Loss, gradient norm and speed in one line for people. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "loss %.4f, gradient norm %.3f, %.1f samples/s",
        loss(),
        gradientNorm(),
        samples() / seconds);
  }

  private java.util.stream.Stream<StepMetrics> steps() {
    return workers.stream().flatMap(worker -> worker.local().steps().stream());
  }
}
