package org.latte4j.spark.autoencoder;

import java.io.IOException;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.spark.train.Batches;
import org.latte4j.spark.train.TrainSettings;
import org.latte4j.spark.train.TrainerSteps;

/**
 * A worker's steps on an autoencoder. Frames, crops and the noise of the posterior follow from the
 * seed and the number of the sample in the run.
 */
final class AutoencoderLocalSteps extends TrainerSteps<AutoencoderTrainer> {
  private static final long serialVersionUID = 1L;

  private final AutoencoderSettings autoencoder;
  private final FrameSource source;

  AutoencoderLocalSteps(
      TrainSettings settings,
      AutoencoderSettings autoencoder,
      FrameSource source,
      TrainingPlan plan) {
    super(settings, plan);
    this.autoencoder = autoencoder;
    this.source = source;
  }

  @Override
  protected AutoencoderTrainer newTrainer() {
    return AutoencoderTrainer.of(autoencoder.network())
        .learningRate(settings().learningRateSchedule(plan()))
        .klWeight(autoencoder.klWeight())
        .clipping(settings().clipNorm(), settings().clipStartStep())
        .threads(settings().threadsPerWorker())
        .build(autoencoder.crop(), settings().stepSamples());
  }

  @Override
  protected Batches<AutoencoderTrainer> open(AutoencoderTrainer trainer) throws IOException {
    FrameManifest manifest = source.manifest();
    FrameCrops crops =
        new FrameCrops(
            source.training(manifest),
            source.reader(manifest, settings().cacheBytes()),
            autoencoder,
            settings().seed());
    return new FrameBatches(crops, plan(), trainer);
  }
}
