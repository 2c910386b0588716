package org.latte4j.spark.autoencoder;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.frames.FrameCatalog;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.SettingsHistory;
import org.latte4j.spark.train.TrainSettings;

/**
 * The training of an autoencoder as it begins. An epoch goes through frames.
 *
 * @param output the run's folder
 * @param settings rounds, workers, batches, learning rate
 * @param autoencoder network, loss and frames
 * @param parameters trainable values
 * @param input folder of the videos
 * @param dataFingerprint of the frames
 * @param training the frames that are trained on
 * @param heldOut the frames of the videos that are held out
 * @param history settings that the run has had
 * @param finishedRounds that the checkpoint to go on from has gone through; 0 for a new run
 */
public record AutoencoderRunDescription(
    Path output,
    TrainSettings settings,
    AutoencoderSettings autoencoder,
    long parameters,
    Path input,
    String dataFingerprint,
    FrameCatalog training,
    FrameCatalog heldOut,
    SettingsHistory history,
    long finishedRounds)
    implements RunDescription {
  /** Place of the mean absolute error among the terms of a step's loss. */
  public static final int RECONSTRUCTION = 0;

  /** Place of the posterior's divergence, without its weight. */
  public static final int DIVERGENCE = 1;

  @Override
  public int items() {
    return training.size();
  }

  @Override
  public int videos() {
    return training.videos();
  }

  @Override
  public int heldOutVideos() {
    return heldOut.videos();
  }

  @Override
  public String drawn(TrainingPlan.Visit visit) {
    FrameCatalog.Location frame = training.locate(visit.video());
    return "a frame of %s: row %d of file %d of the frames"
        .formatted(frame.source(), frame.row(), frame.file());
  }

  @Override
  public List<String> origin() {
    return List.of();
  }

  @Override
  public List<String> lossTerms() {
    return List.of("absolute-error", "kl-divergence");
  }

  @Override
  public List<String> command() {
    return List.of("train-autoencoder", "--input", input.toString());
  }
}
