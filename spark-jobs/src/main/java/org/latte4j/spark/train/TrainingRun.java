package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.model.settings.SettingsException;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.InitialState;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateLostException;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.preflight.Preflight;
import org.latte4j.spark.watchdog.StalledException;
import org.latte4j.spark.watchdog.Watchdog;
import org.latte4j.spark.watchdog.WatchdogSettings;

/**
 * A run of averaging rounds in its folder, whatever network it trains: goes on from the newest
 * whole checkpoint, examines the executors, is watched by the watchdog, and goes back to the newest
 * checkpoint when executors have taken the state with them.
 *
 * <p>For one use, by one thread.
 *
 * @param <R> how the run describes itself
 */
public final class TrainingRun<R extends RunDescription> {
  /** Who loses the state more often is to look after the cluster first. */
  private static final int LARGEST_NUMBER_OF_LOSSES = 100;

  private final JavaSparkContext context;
  private final Settings settings;
  private final TrainSettings train;
  private final WatchdogSettings watchdog;
  private final int roundsToRecoveryPoint;
  private final Path output;
  private final RunListeners<R> listeners = new RunListeners<>();
  private ChangePolicy changes = ChangePolicy.REFUSE;

  /**
   * Opens what is trained.
   *
   * @param <R> how the run describes itself
   */
  @FunctionalInterface
  public interface Opening<R extends RunDescription> {
    Training<R, ?> open() throws IOException;
  }

  /**
   * A run.
   *
   * @param settings {@code train.*} and {@code spark.preflight} are read
   * @param output folder of the run; checkpoints go below it
   * @throws SettingsException naming the key whose value is not allowed
   */
  public TrainingRun(JavaSparkContext context, Settings settings, Path output) {
    this.context = context;
    this.settings = settings;
    this.train = TrainSettings.from(settings);
    this.watchdog = WatchdogSettings.from(settings);
    this.roundsToRecoveryPoint =
        settings.integer("train.recovery.every-rounds", 1, Integer.MAX_VALUE);
    this.output = output;
  }

  /** Tells one more listener of every round; listeners are called in the order of these calls. */
  public void listener(RunListener<? super R> listener) {
    listeners.add(listener);
  }

  /** What becomes of a run that is to go on with other settings; refused unless set. */
  public void changes(ChangePolicy policy) {
    this.changes = Objects.requireNonNull(policy);
  }

  /**
   * Runs the rounds that are missing. A finished run is left as it is.
   *
   * @throws SettingsException if the folder holds a run with other settings
   * @throws IOException if data or weights cannot be read or a checkpoint not be written
   * @throws EnvironmentException if the executors lack memory, a backend or a usable GPU
   * @throws TrainingDivergedException if a loss or a gradient is not a finite number
   * @throws StalledException if nothing moved for as long as {@code train.watchdog.give-up-after}
   */
  public TrainResult toTheEnd(Opening<R> opening) throws IOException {
    int losses = 0;
    while (true) {
      try {
        return attempt(opening.open());
      } catch (StateLostException e) {
        losses++;
        if (losses > LARGEST_NUMBER_OF_LOSSES) {
          throw e;
        }
        listeners.standsStill(
            "the state was lost with its executors (%d of at most %d times); going back to the newest checkpoint"
                .formatted(losses, LARGEST_NUMBER_OF_LOSSES));
      }
    }
  }

  /**
   * Tells listeners what was made of the finished run.
   *
   * @param lines for people
   */
  public void conclude(List<String> lines) throws IOException {
    listeners.concluded(lines);
  }

  private <P extends Replica> TrainResult attempt(Training<R, P> training) throws IOException {
    SlicePlan slices = SlicePlan.forWorkers(training.tensors(), train.workers());
    Optional<Checkpoint> newest = Checkpoint.newestWhole(output, context.hadoopConfiguration());
    SettingsHistory history = SettingsHistory.UNCHANGED;
    if (newest.isPresent()) {
      history = training.identity().goingOnFrom(newest.get(), changes);
      if (newest.get().state().round() >= train.rounds()) {
        return TrainResult.finishedBefore(newest.get(), slices.length(), train.globalBatch());
      }
      newest.get().verify(context);
    }
    RunSetup<R, P> setup = training.setUp(new RunPoint(output, slices.length(), newest, history));
    listeners.begins(setup.description());
    for (String warning : setup.warnings()) {
      listeners.warned(warning);
    }
    try (Watchdog watching = Watchdog.start(context, watchdog, listeners::standsStill)) {
      TrainResult result = watching.watch(() -> rounds(setup, training.identity(), slices, newest));
      listeners.finished();
      return result;
    } catch (StateLostException e) {
      throw e;
    } catch (Exception e) { // Spark's come undeclared.
      listeners.failed(e);
      throw e;
    }
  }

  private <P extends Replica> TrainResult rounds(
      RunSetup<R, P> setup, RunIdentity identity, SlicePlan slices, Optional<Checkpoint> newest)
      throws IOException {
    R run = setup.description();
    new Preflight(context, settings).check(setup.memory(), train.workers());
    InitialState initial =
        newest.isPresent()
            ? newest
                .get()
                .initialState(slices, train.vectors(), train.ownVectors(), train.workers())
            : setup.fresh();
    try (AveragingRounds<P> rounds =
        AveragingRounds.of(context, setup.steps(), slices, initial)
            .workers(train.workers())
            .vectors(train.vectors())
            .ownVectors(train.ownVectors())
            .emaDecay(train.emaDecay())
            .afterRounds(run.finishedRounds())
            .recoveryPointEvery(roundsToRecoveryPoint)
            .start()) {
      RunCheckpoints checkpoints = new RunCheckpoints(context, setup, identity);
      return new RoundLoop(run, rounds, checkpoints, newest, listeners).toTheEnd();
    }
  }
}
