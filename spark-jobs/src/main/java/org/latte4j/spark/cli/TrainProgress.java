package org.latte4j.spark.cli;

import java.util.Locale;
import org.latte4j.spark.averaging.RoundMetrics;
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
  public void begins(long parameters, int videos, long samplesPerRound, long finishedRounds) {
    finishedBefore = finishedRounds;
    invocation
        .err()
        .printf(
            Locale.ROOT,
            "train: %,d parameters, %d videos, %d samples a round%s%n",
            parameters,
            videos,
            samplesPerRound,
            finishedRounds == 0 ? "" : ", going on after round " + finishedRounds);
    invocation.err().flush();
    line = invocation.progress("train", "rounds", 0);
  }

  @Override
  public void roundDone(RoundMetrics metrics, long rounds) {
    line.total(rounds - finishedBefore);
    line.advance(metrics.round() + 1 - finishedBefore, metrics.summary());
  }
}
