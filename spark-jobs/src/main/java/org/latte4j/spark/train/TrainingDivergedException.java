package org.latte4j.spark.train;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.StepMetrics;
import org.latte4j.spark.averaging.WorkerMetrics;

/** A loss or a gradient norm is not a finite number: going on would only spoil the weights. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Samples that are named; a step of more ends with their number. */
  private static final int NAMED_SAMPLES = 16;

  /**
   * Training must stop.
   *
   * @param message round, worker, step, samples, and what to do
   */
  public TrainingDivergedException(String message) {
    super(message);
  }

  /**
   * Refuses a round with a number that is not finite; where such steps are skipped, a round in
   * which there was no other.
   *
   * @param newest checkpoint to go on from
   * @throws TrainingDivergedException naming round, worker, step and samples
   */
  static void check(RoundMetrics metrics, RunDescription run, Optional<Path> newest) {
    boolean mayGoOn =
        run.settings().nonFinite() == NonFinitePolicy.SKIP
            && metrics.skippedSteps() < run.plan().workers() * (long) run.plan().localSteps();
    if (mayGoOn) {
      return;
    }
    for (WorkerMetrics worker : metrics.workers()) {
      int number = 0;
      for (StepMetrics step : worker.local().steps()) {
        if (!step.finite()) {
          throw new TrainingDivergedException(
              message(metrics.round(), worker.worker(), number, step, run)
                  + advice(run.settings(), newest));
        }
        number++;
      }
    }
  }

  private static String message(
      long round, int worker, int local, StepMetrics step, RunDescription run) {
    return "round %d, worker %d, step %d: the loss is %s and the gradient's norm %s, on the samples %s."
        .formatted(
            round,
            worker,
            run.plan().position(round).step() + local,
            step.loss(),
            step.gradientNorm(),
            samples(round, worker, local, run));
  }

  private static String samples(long round, int worker, int local, RunDescription run) {
    TrainingPlan plan = run.plan();
    int more = plan.batch() - NAMED_SAMPLES;
    return IntStream.range(0, Math.min(plan.batch(), NAMED_SAMPLES))
        .mapToObj(item -> plan.visit(worker, round, local, item))
        .map(visit -> "%d (%s)".formatted(visit.sample(), run.drawn(visit)))
        .collect(Collectors.joining(", ", "", more > 0 ? " and %d more".formatted(more) : ""));
  }

  private static String advice(TrainSettings settings, Optional<Path> newest) {
    return " Training has stopped; "
        + newest.map(path -> "the last good checkpoint is " + path).orElse("there is no checkpoint")
        + ". Look at these samples, lower train.learning-rate or train.clip-norm (with --allow-change)"
        + (settings.nonFinite() == NonFinitePolicy.STOP
            ? ", or let such steps be skipped (train.non-finite = skip)"
            : "; not a single step of the round was finite");
  }
}
