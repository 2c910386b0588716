package org.latte4j.spark.cli;

import java.util.Locale;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.TrainListener;

/** Shows how training goes on. */
final class TrainProgress implements TrainListener {
  private final Invocation invocation;
  private ProgressLine line;
  private long finishedBefore;

  TrainProgress(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public void begins(RunDescription run) {
    finishedBefore = run.finishedRounds();
    invocation
        .err()
        .printf(
            Locale.ROOT,
            "train: %,d parameters, %d videos, %d samples a round%s%n",
            run.parameters(),
            run.catalog().size(),
            run.plan().samplesPerRound(),
            finishedBefore == 0 ? "" : ", going on after round " + finishedBefore);
    invocation.err().flush();
    line = invocation.progress("train", "rounds", run.settings().rounds() - finishedBefore);
  }

  @Override
  public void roundDone(RoundMetrics metrics, TrainingState averaged) {
    line.advance(metrics.round() + 1 - finishedBefore, metrics.summary());
  }
}
