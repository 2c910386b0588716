package org.latte4j.spark.cli;

import java.util.Locale;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.data.shard.RejectedVideo;
import org.latte4j.spark.autoencoder.AutoencoderRunDescription;
import org.latte4j.spark.averaging.RoundMetrics;

/** Shows how the training of an autoencoder goes on. */
final class AutoencoderProgress extends RunProgress<AutoencoderRunDescription> {
  private final Invocation invocation;

  AutoencoderProgress(Invocation invocation) {
    super(invocation, "train-autoencoder");
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
  String description(AutoencoderRunDescription run) {
    return String.format(
        Locale.ROOT,
        "%,d parameters, %,d frames of %d videos (%,d held out), global batch %d",
        run.parameters(),
        run.items(),
        run.videos(),
        run.heldOut().size(),
        run.settings().globalBatch());
  }

  @Override
  String round(AutoencoderRunDescription run, RoundMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "L1 %.4f, KL %.3f, gradient norm %.3f, %.1f images/s",
        metrics.term(AutoencoderRunDescription.RECONSTRUCTION),
        metrics.term(AutoencoderRunDescription.DIVERGENCE),
        metrics.gradientNorm(),
        metrics.samplesPerSecond());
  }
}
