package org.latte4j.spark.cli;

import java.util.Locale;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;

/**
 * Shows how a training run goes on: what begins, a line that rounds move, warnings and standstills.
 *
 * @param <R> the runs that it can show
 */
abstract class RunProgress<R extends RunDescription> implements RunListener<R> {
  private final Invocation invocation;
  private final String verb;
  private ProgressLine line;
  private R run;

  /** Of a verb. */
  RunProgress(Invocation invocation, String verb) {
    this.invocation = invocation;
    this.verb = verb;
  }

  /** What is trained on what. */
  abstract String description(R run);

  /** What there is to say of a round beside the epoch. */
  abstract String round(R run, RoundMetrics metrics);

  @Override
  public final void begins(R begun) {
    run = begun;
    long finished = run.finishedRounds();
    say(description(run) + (finished == 0 ? "" : ", going on after round " + finished));
    if (finished == 0) {
      run.origin().forEach(this::say);
    }
    line = invocation.progress(verb, "rounds", run.settings().rounds());
    line.doneBefore(finished);
  }

  @Override
  public final void roundDone(RoundMetrics metrics, TrainingState averaged) {
    long finished = metrics.round() + 1;
    String epoch = String.format(Locale.ROOT, "epoch %.2f, ", run.epochs(finished));
    line.advance(finished, epoch + round(run, metrics));
  }

  @Override
  public final void warned(String message) {
    say("warning: " + message);
  }

  @Override
  public final void standsStill(String report) {
    invocation.err().println(report);
    invocation.err().flush();
  }

  private void say(String message) {
    invocation.err().println(verb + ": " + message);
    invocation.err().flush();
  }
}
