package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.data.clip.RunPosition;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.checkpoint.CheckpointState;
import org.latte4j.spark.checkpoint.CheckpointState.RoundLoss;
import org.latte4j.spark.checkpoint.CheckpointWriter;
import org.latte4j.spark.checkpoint.RunFolder;
import org.latte4j.spark.train.CheckpointSettings;
import org.latte4j.spark.train.CheckpointTriggers;
import org.latte4j.spark.train.NonFinitePolicy;
import org.latte4j.spark.train.RunIdentity;
import org.latte4j.spark.train.TrainingDivergedException;
import org.latte4j.spark.train.Versions;

/**
 * The loop of a run: a round, its numbers looked at, listeners told, a checkpoint when it is due.
 * For one use, by one thread.
 */
final class AutoencoderRun {
  private static final int LOSSES_IN_CHECKPOINT = 1000;

  private final AutoencoderRunDescription run;
  private final RunIdentity identity;
  private final AveragingRounds<AutoencoderReplica> rounds;
  private final List<AutoencoderListener> listeners;
  private final CheckpointWriter writer;
  private final CheckpointTriggers triggers;
  private final RunFolder folder;
  private final Map<String, String> versions;
  private final List<RoundLoss> losses = new ArrayList<>();
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
  AutoencoderRun(
      JavaSparkContext context,
      AutoencoderRunDescription run,
      RunIdentity identity,
      AveragingRounds<AutoencoderReplica> rounds,
      Optional<Checkpoint> newest,
      List<AutoencoderListener> listeners)
      throws IOException {
    this.run = run;
    this.identity = identity;
    this.rounds = rounds;
    this.newest = newest;
    this.listeners = listeners;
    this.writer = new CheckpointWriter(context, run.output(), List.of(), Map.of());
    this.triggers = new CheckpointTriggers(run.train(), run.plan(), System.nanoTime());
    this.folder = new RunFolder(run.output(), context.hadoopConfiguration());
    this.versions = Versions.all(context);
    if (newest.isPresent()) {
      losses.addAll(newest.get().state().losses());
      skippedSteps = newest.get().state().skippedSteps();
    }
  }

  /**
   * What the rounds of one call came to.
   *
   * @param checkpoint the last one
   * @param samples used
   * @param seconds that they took
   */
  record Outcome(Checkpoint checkpoint, long samples, double seconds) {}

  /** Runs the rounds that are missing; the last one ends with a checkpoint. */
  Outcome toTheEnd() throws IOException {
    tidy();
    while (rounds.state().rounds() < run.train().rounds()) {
      round();
    }
    return new Outcome(newest.orElseThrow(), samples, seconds);
  }

  private void round() throws IOException {
    RoundMetrics metrics = rounds.advance();
    requireFinite(metrics);
    skippedSteps += metrics.skippedSteps();
    losses.add(new RoundLoss(metrics.round(), metrics.loss()));
    samples += metrics.samples();
    seconds += metrics.seconds();
    for (AutoencoderListener listener : listeners) {
      listener.roundDone(metrics);
    }
    if (triggers.due(rounds.state().rounds(), System.nanoTime())) {
      checkpoint();
    }
  }

  private void requireFinite(RoundMetrics metrics) {
    long all = (long) run.train().workers() * run.train().localSteps();
    boolean mayGoOn =
        metrics.skippedSteps() == 0
            || (run.train().nonFinite() == NonFinitePolicy.SKIP && metrics.skippedSteps() < all);
    if (!mayGoOn) {
      throw new TrainingDivergedException(
          "round %d: the loss or the gradient of %d of %d steps is not a finite number. Training has stopped; %s. Lower train.learning-rate or train.clip-norm (with --allow-change), or let such steps be skipped (train.non-finite = skip)"
              .formatted(
                  metrics.round(),
                  metrics.skippedSteps(),
                  all,
                  newest
                      .map(checkpoint -> "the last good checkpoint is " + checkpoint.path())
                      .orElse("there is no checkpoint")));
    }
  }

  private void checkpoint() throws IOException {
    TrainingState state = rounds.state();
    RunPosition position = run.plan().position(state.rounds());
    CheckpointState description =
        new CheckpointState(
            newest.map(checkpoint -> checkpoint.state().number()).orElse(0) + 1,
            position.round(),
            position.step(),
            position.sample(),
            run.epochs(state.rounds()),
            skippedSteps,
            run.train().seed(),
            run.train().workers(),
            run.history().since(),
            run.history().changes(),
            identity.settings(),
            identity.manifestFingerprint(),
            versions,
            losses.subList(Math.max(0, losses.size() - LOSSES_IN_CHECKPOINT), losses.size()));
    Checkpoint written = writer.write(state, description);
    newest = Optional.of(written);
    rounds.restartFrom(
        written.initialState(state.plan(), state.gathered(), state.own(), state.owners()));
    triggers.written(System.nanoTime());
    for (AutoencoderListener listener : listeners) {
      listener.checkpointWritten(written);
    }
    tidy();
  }

  /** That superfluous folders stay is worth a warning, and not the run. */
  private void tidy() throws IOException {
    try {
      for (Path unfinished : folder.removeUnfinished()) {
        warn(unfinished + " had been left unfinished, and was removed");
      }
      CheckpointSettings keep = run.train().checkpoint();
      if (keep.keepLast() > 0) {
        folder.removeOld(keep.keepLast(), keep.keepEvery());
      }
    } catch (IOException e) {
      warn(
          "checkpoints that need not be kept could not be removed: %s. They are tried again after the next one"
              .formatted(e.getMessage()));
    }
  }

  private void warn(String message) throws IOException {
    for (AutoencoderListener listener : listeners) {
      listener.warned(message);
    }
  }
}
