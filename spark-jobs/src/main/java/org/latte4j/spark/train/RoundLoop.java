package org.latte4j.spark.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;

/**
 * The loop of a run: a round, its numbers looked at, listeners told, a checkpoint when it is due.
 * For one use, by one thread.
 */
final class RoundLoop {
  private final RunDescription run;
  private final AveragingRounds<?> rounds;
  private final RunCheckpoints checkpoints;
  private final RunListener<?> listener;
  private final CheckpointTriggers triggers;
  private final List<RoundLoss> losses;
  private Optional<Checkpoint> newest;
  private long skippedSteps;
  private long samples;
  private double seconds;

  /**
   * A loop that has not begun.
   *
   * @param rounds stands after the newest checkpoint
   * @param newest checkpoint that the run goes on from
   */
  RoundLoop(
      RunDescription run,
      AveragingRounds<?> rounds,
      RunCheckpoints checkpoints,
      Optional<Checkpoint> newest,
      RunListener<?> listener) {
    this.run = run;
    this.rounds = rounds;
    this.checkpoints = checkpoints;
    this.newest = newest;
    this.listener = listener;
    this.triggers = new CheckpointTriggers(run.settings(), run.plan(), System.nanoTime());
    this.losses = new ArrayList<>();
    if (newest.isPresent()) {
      losses.addAll(newest.get().state().losses());
      skippedSteps = newest.get().state().skippedSteps();
    }
  }

  /** Runs the rounds that are missing; the last one ends with a checkpoint. */
  TrainResult toTheEnd() throws IOException {
    tidy();
    while (rounds.state().rounds() < run.settings().rounds()) {
      round();
    }
    return new TrainResult(
        newest.orElseThrow().path().toString(),
        run.parameters(),
        run.settings().globalBatch(),
        rounds.state().rounds() - run.finishedRounds(),
        samples,
        skippedSteps,
        seconds,
        losses);
  }

  private void round() throws IOException {
    RoundMetrics metrics = rounds.advance();
    TrainingDivergedException.check(metrics, run, newest.map(Checkpoint::path));
    skippedSteps += metrics.skippedSteps();
    losses.add(new RoundLoss(metrics.round(), metrics.loss()));
    samples += metrics.samples();
    seconds += metrics.seconds();
    listener.roundDone(metrics, rounds.state());
    if (triggers.due(rounds.state().rounds(), System.nanoTime())) {
      checkpoint();
    }
  }

  private void checkpoint() throws IOException {
    TrainingState state = rounds.state();
    listener.checkpointBegins(state.rounds());
    int number = newest.map(checkpoint -> checkpoint.state().number()).orElse(0) + 1;
    Checkpoint written = checkpoints.write(state, number, skippedSteps, losses);
    newest = Optional.of(written);
    rounds.restartFrom(
        written.initialState(state.plan(), state.gathered(), state.own(), state.owners()));
    triggers.written(System.nanoTime());
    listener.checkpointWritten(written);
    tidy();
  }

  /** That superfluous folders stay is worth a warning, and not the run. */
  private void tidy() throws IOException {
    try {
      for (Path unfinished : checkpoints.removeUnfinished()) {
        listener.warned(unfinished + " had been left unfinished, and was removed");
      }
      checkpoints.removeOld();
    } catch (IOException e) {
      listener.warned(
          "checkpoints that need not be kept could not be removed: %s. They are tried again after"
                  .formatted(e.getMessage())
              + " the next one");
    }
  }
}
