package org.latte4j.spark.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.observe.RunObserver;
import org.latte4j.spark.observe.RunSummary;
import org.latte4j.spark.train.ChangePolicy;
import org.latte4j.spark.train.TrainJob;
import org.latte4j.spark.train.TrainResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: parameter averaging over latent shards. */
@Command(name = "train", description = "Train a model on latent shards by parameter averaging.")
final class TrainVerb extends Verb {
  @Option(
      names = "--shards",
      required = true,
      paramLabel = "DIR",
      description = "Folder of latent shards that encode wrote.")
  private String shards;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for checkpoints and reports.")
  private String output;

  @Option(
      names = "--allow-change",
      description =
          "Go on with settings other than the run's, if any differ. The change is noted in"
              + " state.json; the result is then one that no run from scratch gives.")
  private boolean allowChange;

  @Mixin private MasterOption master;

  @Override
  protected Object run(Invocation invocation) throws IOException {
    try (JavaSparkContext context =
        SparkApplication.start("train", invocation.settings(), master.url)) {
      TrainProgress progress = new TrainProgress(invocation);
      TrainResult result =
          new TrainJob(context, invocation.settings(), new Path(shards), new Path(output))
              .changes(allowChange ? ChangePolicy.NOTE : ChangePolicy.REFUSE)
              .listener(progress)
              .listener(RunObserver.ofLatte(context, invocation.settings()))
              .execute();
      invocation
          .out()
          .println(
              result.rounds() == 0
                  ? "nothing to do: the run is finished, its last checkpoint is "
                      + result.checkpoint()
                  : "checkpoint: " + result.checkpoint());
      RunSummary series = RunSummary.of(new Path(output), context.hadoopConfiguration());
      invocation.out().println("report: " + series.report());
      return new Report(result, series);
    }
  }

  /** For programs: what the run came to, and where its series stand. */
  private record Report(@JsonUnwrapped TrainResult result, RunSummary series) {}
}
