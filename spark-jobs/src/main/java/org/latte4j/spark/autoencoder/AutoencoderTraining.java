package org.latte4j.spark.autoencoder;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.frames.FrameCatalog;
import org.latte4j.data.frames.FrameManifest;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.model.autoencoder.KlParameterLayout;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.preflight.ReplicaMemory;
import org.latte4j.spark.train.RunIdentity;
import org.latte4j.spark.train.RunPoint;
import org.latte4j.spark.train.RunSetup;
import org.latte4j.spark.train.SeededState;
import org.latte4j.spark.train.TrainSettings;
import org.latte4j.spark.train.TrainerReplica;
import org.latte4j.spark.train.Training;

/**
 * An autoencoder on frames of videos.
 *
 * @param settings {@code train.*} is read
 * @param input folder of the videos
 * @param source how executors read the frames
 * @param frames which there are
 */
record AutoencoderTraining(Settings settings, Path input, FrameSource source, FrameManifest frames)
    implements Training<AutoencoderRunDescription, TrainerReplica<AutoencoderTrainer>> {

  @Override
  public List<ParameterTensor> tensors() {
    return ParameterTensor.of(layout());
  }

  @Override
  public RunIdentity identity() {
    return RunIdentity.of(settings, frames.fingerprint(), "autoencoder", "train");
  }

  @Override
  public RunSetup<AutoencoderRunDescription, TrainerReplica<AutoencoderTrainer>> setUp(
      RunPoint from) {
    TrainSettings train = TrainSettings.from(settings);
    FrameCatalog training = source.training(frames);
    if (training.size() == 0) {
      throw settings.invalid(
          "autoencoder.held-out-split",
          "another split: every video is in it, and none is left to train on");
    }
    AutoencoderRunDescription run =
        new AutoencoderRunDescription(
            from.output(),
            train,
            autoencoder(),
            from.parameters(),
            input,
            frames.fingerprint(),
            training,
            source.heldOut(frames),
            from.history(),
            from.finishedRounds());
    long activations =
        AutoencoderTrainer.activationBytes(autoencoder().network(), autoencoder().crop());
    return new RunSetup<>(
        run,
        ReplicaMemory.of(from.parameters(), activations),
        new AutoencoderLocalSteps(train, autoencoder(), source, run.plan()),
        new SeededState(layout(), train.seed()),
        List.of(),
        Map.of(),
        List.of());
  }

  private KlParameterLayout layout() {
    return new KlParameterLayout(autoencoder().network());
  }

  private AutoencoderSettings autoencoder() {
    return source.settings();
  }
}
