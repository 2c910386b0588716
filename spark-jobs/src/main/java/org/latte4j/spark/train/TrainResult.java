package org.latte4j.spark.train;

import java.util.List;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;

/**
 * What a training run came to.
 *
 * @param checkpoint folder of the last checkpoint
 * @param parameters trainable values
 * @param globalBatch samples of one step of all workers: workers x batch size x accumulation
 * @param rounds run by this call; 0 if the run was finished already
 * @param samples used by this call
 * @param skippedSteps steps of the whole run that changed nothing, since they were not finite
 * @param seconds that the rounds took
 * @param losses mean loss of every round since the start, as far as checkpoints kept them
 */
public record TrainResult(
    String checkpoint,
    long parameters,
    long globalBatch,
    long rounds,
    long samples,
    long skippedSteps,
    double seconds,
    List<RoundLoss> losses) {
  /** Copies the list. */
  public TrainResult {
    losses = List.copyOf(losses);
  }

  static TrainResult finishedBefore(Checkpoint last, long parameters, long globalBatch) {
    CheckpointState state = last.state();
    return new TrainResult(
        last.path().toString(),
        parameters,
        globalBatch,
        0,
        0,
        state.skippedSteps(),
        0,
        state.losses());
  }
}
