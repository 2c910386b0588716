package org.latte4j.spark.cli;

import java.util.Locale;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.train.LatteRunDescription;
import org.latte4j.spark.train.RunListener;

/** Shows how training goes on. */
final class TrainProgress implements RunListener<LatteRunDescription> {
  private final Invocation invocation;
  private ProgressLine line;
  private LatteRunDescription run;

  TrainProgress(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public void begins(LatteRunDescription run) {
    this.run = run;
    long finished = run.finishedRounds();
    invocation
        .err()
        .printf(
            Locale.ROOT,
            "train: %,d parameters, %d videos, global batch %d (%d workers x %d x %d), %d samples a round%s%n",
            run.parameters(),
            run.catalog().size(),
            run.settings().globalBatch(),
            run.settings().workers(),
            run.settings().batchSize(),
            run.settings().accumulation(),
            run.plan().samplesPerRound(),
            finished == 0 ? "" : ", going on after round " + finished);
    if (finished == 0) {
      run.start()
          .ifPresent(
              start -> start.lines().forEach(said -> invocation.err().println("train: " + said)));
    }
    invocation.err().flush();
    line = invocation.progress("train", "rounds", run.settings().rounds());
    line.doneBefore(finished);
  }

  @Override
  public void standsStill(String report) {
    invocation.err().println(report);
    invocation.err().flush();
  }

  @Override
  public void roundDone(RoundMetrics metrics, TrainingState averaged) {
    long finished = metrics.round() + 1;
    line.advance(
        finished,
        String.format(
            Locale.ROOT,
            "epoch %.2f, %s, averaged %.1f MB/s",
            run.epochs(finished),
            metrics.summary(),
            metrics.averagedMegabytesPerSecond(run.parameters())));
  }

  @Override
  public void warned(String message) {
    invocation.err().println("train: warning: " + message);
    invocation.err().flush();
  }
}
