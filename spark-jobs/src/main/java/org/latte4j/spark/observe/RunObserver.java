package org.latte4j.spark.observe;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.averaging.Phase;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.StateLostException;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.history.RunHistory;
import org.latte4j.spark.report.RunReport;
import org.latte4j.spark.sample.RunSamples;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.TrainListener;
import org.latte4j.spark.train.TrainResult;
import org.latte4j.spark.validation.Validation;
import org.latte4j.spark.validation.ValidationSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a run: notes its history, validates, makes samples, writes TensorBoard's files, and
 * reports when it ends, however it ends.
 *
 * <p>What cannot be set up ends the run before its first round. After that, watching never ends
 * training: what fails is logged, noted in the history as a warning and shown in the report. Only
 * that the state is lost is passed on: training has to go back to its checkpoint then.
 */
public final class RunObserver implements TrainListener {
  private static final Logger LOG = LoggerFactory.getLogger(RunObserver.class);
  private static final Duration FLUSH_AFTER = Duration.ofSeconds(30);

  private final JavaSparkContext context;
  private final Settings settings;
  private final int samplesEveryRounds;
  private boolean begun;
  private RunDescription run;
  private RunHistory history;
  private Optional<Validation> validation = Optional.empty();
  private Optional<RunSamples> samples = Optional.empty();
  private SampleSheets sheets;
  private Optional<TensorBoardLog> tensorBoard = Optional.empty();
  private long flushedNanos = System.nanoTime();
  private long rounds;

  /**
   * An observer of one run.
   *
   * @param settings {@code train.validation}, {@code train.samples}, {@code train.tensorboard} and
   *     {@code sample} are read
   */
  public RunObserver(JavaSparkContext context, Settings settings) {
    this.context = context;
    this.settings = settings;
    this.samplesEveryRounds = settings.integer("train.samples.every-rounds", 0, Integer.MAX_VALUE);
  }

  @Override
  public void begins(RunDescription description) throws IOException {
    if (begun) {
      // The run goes back to a checkpoint: what was noted of later rounds is void.
      flush();
      show(TensorBoardLog::close);
    }
    begun = true;
    run = description;
    rounds = run.finishedRounds();
    Configuration hadoop = context.hadoopConfiguration();
    history = RunHistory.open(run.output(), hadoop);
    sheets = new SampleSheets(run.output(), hadoop);
    ValidationSettings validationSettings = ValidationSettings.from(settings);
    if (!run.settings().heldOut().isNone()) {
      validation = Optional.of(new Validation(context, validationSettings, run));
    }
    if (samplesEveryRounds > 0) {
      samples =
          Optional.of(
              new RunSamples(
                  context,
                  settings,
                  run.model(),
                  settings.integer("train.samples.per-class", 1, 64),
                  run.settings().workers()));
    }
    HistoryEntry.SessionBegan session =
        SessionFacts.of(context, settings, run, validation.map(Validation::videos).orElse(0));
    history.add(session);
    if (settings.flag("train.tensorboard")) {
      tensorBoard = Optional.of(TensorBoardLog.begin(run.output(), hadoop, session));
    }
    flush();
  }

  @Override
  public void roundDone(RoundMetrics metrics, TrainingState averaged) {
    rounds = averaged.rounds();
    HistoryEntry.Round round = entry(metrics);
    history.add(round);
    show(log -> log.round(round));
    validation.filter(due -> due.due(rounds)).ifPresent(due -> validate(due, averaged));
    if (samplesEveryRounds > 0 && rounds % samplesEveryRounds == 0) {
      samples.ifPresent(maker -> sample(maker, averaged));
    }
    if (System.nanoTime() - flushedNanos >= FLUSH_AFTER.toNanos()) {
      flush();
    }
  }

  private HistoryEntry.Round entry(RoundMetrics metrics) {
    long step = step();
    Map<String, Double> phases = new TreeMap<>();
    for (Phase phase : Phase.values()) {
      phases.put(phase.key(), metrics.phases().get(phase));
    }
    return new HistoryEntry.Round(
        rounds,
        step,
        run.epochs(rounds),
        metrics.loss(),
        metrics.gradientNorm(),
        run.settings().learningRateSchedule(run.plan()).valueAt(Math.toIntExact(step - 1), 0),
        metrics.samples(),
        metrics.seconds(),
        metrics.averagedMegabytesPerSecond(run.parameters()),
        phases);
  }

  /** Optimiser steps of each worker so far. */
  private long step() {
    return run.plan().position(rounds).step();
  }

  private void validate(Validation due, TrainingState state) {
    try {
      for (HistoryEntry.Validation losses : due.of(state)) {
        history.add(losses);
        show(log -> log.validation(losses));
      }
    } catch (StateLostException e) {
      throw e;
    } catch (RuntimeException e) {
      warn("validation failed", e);
    }
  }

  private void sample(RunSamples maker, TrainingState state) {
    long begin = System.nanoTime();
    try {
      var sheet = maker.of(state).draw();
      Path written = sheets.write(rounds, sheet);
      HistoryEntry.Samples entry =
          new HistoryEntry.Samples(
              rounds, step(), written.toString(), (System.nanoTime() - begin) / 1e9);
      history.add(entry);
      show(log -> log.samples(entry, sheet));
    } catch (StateLostException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      warn("samples could not be made", e);
    }
  }

  @Override
  public void checkpointBegins(long finishedRounds) {
    // A run that goes on from the checkpoint then knows of every round before it.
    flush();
  }

  @Override
  public void checkpointWritten(Checkpoint checkpoint) {
    history.add(
        new HistoryEntry.CheckpointWritten(
            checkpoint.state().round(), checkpoint.path().toString()));
  }

  @Override
  public void warned(String message) {
    history.add(new HistoryEntry.Warning(rounds, message));
  }

  @Override
  public void finished(TrainResult result) {
    end("finished");
  }

  @Override
  public void failed(Exception cause) {
    end("stopped: " + cause.getMessage());
  }

  private void end(String outcome) {
    history.add(new HistoryEntry.SessionEnded(rounds, System.currentTimeMillis(), outcome));
    flush();
    show(TensorBoardLog::close);
    tensorBoard = Optional.empty();
    try {
      RunReport.write(run.output(), context.hadoopConfiguration());
    } catch (IOException | RuntimeException e) {
      warn("the report could not be written", e);
    }
  }

  private void flush() {
    show(TensorBoardLog::flush);
    try {
      history.flush();
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "the history of {} could not be written, and is kept for the next try", run.output(), e);
    }
    flushedNanos = System.nanoTime();
  }

  /** Does without TensorBoard from the first failure on: its stream is broken then. */
  private void show(Showing showing) {
    try {
      if (tensorBoard.isPresent()) {
        showing.on(tensorBoard.get());
      }
    } catch (IOException | RuntimeException e) {
      tensorBoard = Optional.empty();
      warn("TensorBoard's files are no longer written", e);
    }
  }

  private void warn(String what, Exception cause) {
    LOG.warn("round {}: {}; training goes on", rounds, what, cause);
    history.add(new HistoryEntry.Warning(rounds, what + ": " + cause.getMessage()));
  }

  @FunctionalInterface
  private interface Showing {
    void on(TensorBoardLog log) throws IOException;
  }
}
