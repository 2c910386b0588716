package org.latte4j.spark.cli;

import java.util.Locale;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.spark.autoencoder.AutoencoderRunDescription;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.train.RunListener;

/** Shows how the training of an autoencoder goes on. */
final class AutoencoderProgress implements RunListener<AutoencoderRunDescription> {
  private final Invocation invocation;
  private ProgressLine line;
  private AutoencoderRunDescription run;

  AutoencoderProgress(Invocation invocation) {
    this.invocation = invocation;
  }

  /** The frames are there. */
  void framesReady(FrameManifest frames) {
    invocation
        .err()
        .printf(
            Locale.ROOT,
            "frames: %,d of %d x %d pixels in %d files%n",
            frames.frames(),
            frames.size(),
            frames.size(),
            frames.files().size());
    for (RejectedVideo video : frames.rejected()) {
      invocation.err().println("rejected: " + video.source() + ": " + video.reason());
    }
    invocation.err().flush();
  }

  @Override
  public void begins(AutoencoderRunDescription run) {
    this.run = run;
    long finished = run.finishedRounds();
    invocation
        .err()
        .printf(
            Locale.ROOT,
            "train-autoencoder: %,d parameters, %,d frames of %d videos (%,d held out), global batch %d%s%n",
            run.parameters(),
            run.items(),
            run.videos(),
            run.heldOut().size(),
            run.settings().globalBatch(),
            finished == 0 ? "" : ", going on after round " + finished);
    invocation.err().flush();
    line = invocation.progress("train-autoencoder", "rounds", run.settings().rounds());
    line.doneBefore(finished);
  }

  @Override
  public void roundDone(RoundMetrics metrics, TrainingState averaged) {
    long finished = metrics.round() + 1;
    line.advance(
        finished,
        String.format(
            Locale.ROOT,
            "epoch %.2f, L1 %.4f, KL %.3f, gradient norm %.3f, %.1f images/s",
            run.epochs(finished),
            metrics.term(AutoencoderRunDescription.RECONSTRUCTION),
            metrics.term(AutoencoderRunDescription.DIVERGENCE),
            metrics.gradientNorm(),
            metrics.samplesPerSecond()));
  }

  @Override
  public void warned(String message) {
    invocation.err().println("train-autoencoder: warning: " + message);
    invocation.err().flush();
  }

  @Override
  public void standsStill(String report) {
    invocation.err().println(report);
    invocation.err().flush();
  }
}
