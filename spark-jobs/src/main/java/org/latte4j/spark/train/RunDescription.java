package org.latte4j.spark.train;

import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.ClipCatalog;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.data.shard.LatentShards;
import org.latte4j.model.card.ModelCard;
import org.latte4j.spark.start.StartReport;

/**
 * A training run as it begins, for those that watch it.
 *
 * @param output the run's folder
 * @param settings of the run
 * @param model sizes, classes and latents
 * @param parameters trainable values
 * @param shards that are trained on
 * @param catalog the videos that clips are drawn from
 * @param history settings that the run has had
 * @param finishedRounds that the checkpoint to go on from has gone through; 0 for a new run
 * @param start what the network has of the weights it began with; empty if it began fresh
 */
public record RunDescription(
    Path output,
    TrainSettings settings,
    ModelCard model,
    long parameters,
    LatentShards shards,
    ClipCatalog catalog,
    SettingsHistory history,
    long finishedRounds,
    Optional<StartReport> start) {

  /** Which video every worker sees at every step. */
  public TrainingPlan plan() {
    return settings.plan(catalog.size()).since(history.since());
  }

  /** Epochs that so many finished rounds amount to, with fractions. */
  public double epochs(long rounds) {
    return (double) plan().position(rounds).sample() / catalog.size();
  }
}
