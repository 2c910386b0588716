package org.latte4j.spark.averaging;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a finished round reports.
 *
 * @param round from 0
 * @param workers one entry a worker, in worker order
 * @param seconds wall time of the round as the driver saw it
 * @param phases what that went into, in seconds that add up to it
 */
public record RoundMetrics(
    long round, List<WorkerMetrics> workers, double seconds, Map<Phase, Double> phases) {
  /** Copies the collections. */
  public RoundMetrics {
    workers = List.copyOf(workers);
    phases = Collections.unmodifiableMap(new EnumMap<>(phases));
  }

  /** Mean loss over the finite steps of all workers; NaN if they report none. */
  public double loss() {
    return steps()
        .filter(StepMetrics::finite)
        .mapToDouble(StepMetrics::loss)
        .average()
        .orElse(Double.NaN);
  }

  /** Mean gradient norm over the finite steps of all workers; NaN if they report none. */
  public double gradientNorm() {
    return steps()
        .filter(StepMetrics::finite)
        .mapToDouble(StepMetrics::gradientNorm)
        .average()
        .orElse(Double.NaN);
  }

  /**
   * Mean of a term of the loss over the finite steps of all workers; NaN if they report none.
   *
   * @param index in {@link StepMetrics#terms}
   */
  public double term(int index) {
    return steps()
        .filter(StepMetrics::finite)
        .mapToDouble(step -> step.terms().get(index))
        .average()
        .orElse(Double.NaN);
  }

  /** Steps of all workers whose loss or gradient norm was not finite; they changed nothing. */
  public long skippedSteps() {
    return steps().filter(step -> !step.finite()).count();
  }

  /** Training samples that all workers used. */
  public long samples() {
    return workers.stream().mapToLong(worker -> worker.local().samples()).sum();
  }

  /** Training samples a second, of all workers together. */
  public double samplesPerSecond() {
    return samples() / seconds;
  }

  /**
   * How fast the model was averaged: megabytes of the parameter vector over the time that went into
   * anything but data and local steps.
   *
   * @param parameters trainable values of the model
   */
  public double averagedMegabytesPerSecond(long parameters) {
    double averaging = seconds - phases.get(Phase.DATA) - phases.get(Phase.STEPS);
    return parameters * Float.BYTES / 1e6 / averaging;
  }

  /** Loss, gradient norm and speed in one line for people. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "loss %.4f, gradient norm %.3f, %.1f samples/s",
        loss(),
        gradientNorm(),
        samplesPerSecond());
  }

  private Stream<StepMetrics> steps() {
    return workers.stream().flatMap(worker -> worker.local().steps().stream());
  }
}
