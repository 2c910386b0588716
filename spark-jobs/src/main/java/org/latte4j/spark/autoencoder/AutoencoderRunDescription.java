package org.latte4j.spark.autoencoder;

import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.spark.train.SettingsHistory;
import org.latte4j.spark.train.TrainSettings;

/**
 * The training of an autoencoder as it begins, for those that watch it.
 *
 * @param output the run's folder
 * @param train rounds, workers, batches, learning rate
 * @param settings network, loss and frames
 * @param parameters trainable values
 * @param trainingFrames that are trained on
 * @param trainingVideos that they come from
 * @param heldOutFrames of the videos that are held out
 * @param history settings that the run has had
 * @param finishedRounds that the checkpoint to go on from has gone through; 0 for a new run
 */
public record AutoencoderRunDescription(
    Path output,
    TrainSettings train,
    AutoencoderSettings settings,
    long parameters,
    int trainingFrames,
    int trainingVideos,
    int heldOutFrames,
    SettingsHistory history,
    long finishedRounds) {
  /** Place of the mean absolute error among the terms of a step's loss. */
  public static final int RECONSTRUCTION = 0;

  /** Place of the posterior's divergence, without its weight. */
  public static final int DIVERGENCE = 1;

  /** Which frame every worker sees at every step. */
  public TrainingPlan plan() {
    return train.plan(trainingFrames).since(history.since());
  }

  /**
   * Epochs that so many finished rounds amount to, with fractions; in each every frame comes once.
   */
  public double epochs(long rounds) {
    return (double) plan().position(rounds).sample() / trainingFrames;
  }
}
