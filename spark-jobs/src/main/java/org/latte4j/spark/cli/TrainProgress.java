package org.latte4j.spark.cli;

import java.util.Locale;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.train.LatteRunDescription;

/** Shows how the training of Latte goes on. */
final class TrainProgress extends RunProgress<LatteRunDescription> {
  TrainProgress(Invocation invocation) {
    super(invocation, "train");
  }

  @Override
  String description(LatteRunDescription run) {
    return String.format(
        Locale.ROOT,
        "%,d parameters, %d videos, global batch %d (%d workers x %d x %d), %d samples a round",
        run.parameters(),
        run.videos(),
        run.settings().globalBatch(),
        run.settings().workers(),
        run.settings().batchSize(),
        run.settings().accumulation(),
        run.plan().samplesPerRound());
  }

  @Override
  String round(LatteRunDescription run, RoundMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "%s, averaged %.1f MB/s",
        metrics.summary(),
        metrics.averagedMegabytesPerSecond(run.parameters()));
  }
}
