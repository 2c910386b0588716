package org.latte4j.spark.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.autoencoder.AutoencoderResult;
import org.latte4j.spark.autoencoder.TrainAutoencoderJob;
import org.latte4j.spark.observe.RunObserver;
import org.latte4j.spark.observe.RunSummary;
import org.latte4j.spark.train.ChangePolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train-autoencoder}: an AutoencoderKL trained on frames of videos. */
@Command(
    name = "train-autoencoder",
    description =
        "Train an autoencoder on frames of videos; writes diffusers' folder, which encode reads.")
final class TrainAutoencoderVerb extends Verb {
  @Option(
      names = "--input",
      required = true,
      paramLabel = "DIR",
      description = "Folder of videos; source.layout says how it is arranged.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for frames, checkpoints and the trained autoencoder.")
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
    AutoencoderProgress progress = new AutoencoderProgress(invocation);
    AutoencoderResult result;
    RunSummary series;
    try (JavaSparkContext context =
        SparkApplication.start("train-autoencoder", invocation.settings(), master.url)) {
      result =
          new TrainAutoencoderJob(context, invocation.settings(), new Path(input), new Path(output))
              .changes(allowChange ? ChangePolicy.NOTE : ChangePolicy.REFUSE)
              .framesReady(progress::framesReady)
              .listener(progress)
              .listener(RunObserver.of(context, invocation.settings()))
              .execute();
      series = RunSummary.of(new Path(output), context.hadoopConfiguration());
    }
    if (result.training().rounds() == 0) {
      invocation.out().println("nothing to train: the run is finished");
    }
    invocation.out().println("checkpoint: " + result.training().checkpoint());
    result.lines().forEach(invocation.out()::println);
    invocation.out().println("report: " + series.report());
    return new Report(result, series);
  }

  /** For programs: what the run came to, and where its series stand. */
  private record Report(@JsonUnwrapped AutoencoderResult result, RunSummary series) {}
}
