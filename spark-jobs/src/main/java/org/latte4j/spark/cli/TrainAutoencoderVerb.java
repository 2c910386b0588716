package org.latte4j.spark.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.spark.autoencoder.AutoencoderResult;
import org.latte4j.spark.autoencoder.ReconstructionQuality;
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
    for (ReconstructionQuality quality : result.heldOut()) {
      invocation
          .out()
          .printf(
              Locale.ROOT,
              "held-out videos, %s: PSNR %.2f dB (%d frames, %d latent values a frame)%n",
              quality.autoencoder(),
              quality.psnr(),
              quality.frames(),
              quality.latentValues());
    }
    if (result.heldOut().isEmpty()) {
      invocation.out().println("no held-out videos: quality was not measured");
    }
    invocation
        .out()
        .printf(
            Locale.ROOT,
            "autoencoder: %s (scaling factor %.5f)%n",
            result.autoencoder(),
            result.scalingFactor());
    invocation.out().println("report: " + series.report());
    return new Report(result, series);
  }

  /** For programs: what the run came to, and where its series stand. */
  private record Report(@JsonUnwrapped AutoencoderResult result, RunSummary series) {}
}
