package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.data.clip.RunPosition;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;
import org.latte4j.spark.checkpoint.CheckpointWriter;
import org.latte4j.spark.checkpoint.RunFolder;

/** Writes the checkpoints of a run: what there is to say about it beside its state. */
final class RunCheckpoints {
  private static final int LOSSES_IN_CHECKPOINT = 1000;

  private final RunDescription run;
  private final RunIdentity identity;
  private final Map<String, String> versions;
  private final CheckpointWriter writer;
  private final RunFolder folder;

  RunCheckpoints(JavaSparkContext context, RunSetup<?, ?> setup, RunIdentity identity)
      throws IOException {
    this.run = setup.description();
    this.identity = identity;
    this.versions = Versions.all(context);
    this.folder = new RunFolder(run.output(), context.hadoopConfiguration());
    this.writer = new CheckpointWriter(context, run.output(), setup.tables(), setup.documents());
  }

  /**
   * Writes a checkpoint.
   *
   * @param number among those of the run, from 1
   * @param skippedSteps of the run so far
   * @param losses of all rounds known
   */
  Checkpoint write(TrainingState state, int number, long skippedSteps, List<RoundLoss> losses)
      throws IOException {
    TrainSettings train = run.settings();
    RunPosition position = run.plan().position(state.rounds());
    return writer.write(
        state,
        new CheckpointState(
            number,
            position.round(),
            position.step(),
            position.sample(),
            run.epochs(state.rounds()),
            skippedSteps,
            train.seed(),
            train.workers(),
            run.history().since(),
            run.history().changes(),
            identity.settings(),
            identity.manifestFingerprint(),
            versions,
            losses.subList(Math.max(0, losses.size() - LOSSES_IN_CHECKPOINT), losses.size())));
  }

  /** Removes what writers have left unfinished. */
  List<Path> removeUnfinished() throws IOException {
    return folder.removeUnfinished();
  }

  /** Removes checkpoints that need not be kept. */
  List<Path> removeOld() throws IOException {
    CheckpointSettings settings = run.settings().checkpoint();
    return settings.keepLast() == 0
        ? List.of()
        : folder.removeOld(settings.keepLast(), settings.keepEvery());
  }
}
