package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.latte4j.data.clip.TrainingPlan;

/** A training run as it begins, for those that watch it, whatever network is trained. */
public interface RunDescription {
  /** The run's folder. */
  Path output();

  /** Rounds, workers, batches, learning rate. */
  TrainSettings settings();

  /** Trainable values. */
  long parameters();

  /** Settings that the run has had. */
  SettingsHistory history();

  /** Rounds that the checkpoint to go on from has gone through; 0 for a new run. */
  long finishedRounds();

  /** Identifies the data. */
  String dataFingerprint();

  /** What an epoch goes through, each once: videos, or frames. */
  int items();

  /** Videos that are trained on. */
  int videos();

  /** Videos that are held out. */
  int heldOutVideos() throws IOException;

  /** What a visit draws from the data, in words for people. */
  String drawn(TrainingPlan.Visit visit);

  /** What the network began with, in lines for people; empty if it began fresh. */
  List<String> origin();

  /** Names of the terms that a step tells its loss apart into; empty if it does not. */
  List<String> lossTerms();

  /** The verb and its input, as words of the command line. */
  List<String> command();

  /** Which item every worker sees at every step. */
  default TrainingPlan plan() {
    return settings().plan(items()).since(history().since());
  }

  /** Epochs that so many finished rounds amount to, with fractions. */
  default double epochs(long rounds) {
    return (double) plan().position(rounds).sample() / items();
  }
}
