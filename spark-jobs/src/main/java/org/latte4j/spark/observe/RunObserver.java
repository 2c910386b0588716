package org.latte4j.spark.observe;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.averaging.Phase;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.StateLostException;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.train.LatteRunDescription;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;

/**
 * Watches a run: notes its history, evaluates its weights, writes TensorBoard's files, and reports
 * when it ends, however it ends.
 *
 * <p>What cannot be set up ends the run before its first round. After that, watching never ends
 * training: what fails is logged, noted in the history as a warning and shown in the report. Only
 * that the state is lost is passed on: training has to go back to its checkpoint then.
 *
 * @param <R> the runs that it can watch
 */
public final class RunObserver<R extends RunDescription> implements RunListener<R> {
  private final JavaSparkContext context;
  private final Settings settings;
  private final List<Evaluation<R>> evaluations;
  private Optional<RunNotes> noted = Optional.empty();
  private R run;

  private RunObserver(
      JavaSparkContext context, Settings settings, List<Evaluation<R>> evaluations) {
    this.context = context;
    this.settings = settings;
    this.evaluations = evaluations;
  }

  /**
   * An observer of one run of any kind, which evaluates nothing.
   *
   * @param settings {@code train.tensorboard} is read
   */
  public static RunObserver<RunDescription> of(JavaSparkContext context, Settings settings) {
    return new RunObserver<>(context, settings, List.of());
  }

  /**
   * An observer of one run of Latte, which validates and makes samples.
   *
   * @param settings {@code train.validation}, {@code train.samples}, {@code train.tensorboard} and
   *     {@code sample} are read
   */
  public static RunObserver<LatteRunDescription> ofLatte(
      JavaSparkContext context, Settings settings) {
    return new RunObserver<>(
        context,
        settings,
        List.of(new HeldOutEvaluation(context, settings), new SampleEvaluation(context, settings)));
  }

  @Override
  public void begins(R description) throws IOException {
    // If it goes back to a checkpoint, what was noted of later rounds is void.
    noted.ifPresent(RunNotes::breakOff);
    run = description;
    for (Evaluation<R> evaluation : evaluations) {
      evaluation.begins(run);
    }
    HistoryEntry.SessionBegan session = SessionFacts.of(context, settings, run);
    Configuration hadoop = context.hadoopConfiguration();
    noted =
        Optional.of(
            settings.flag("train.tensorboard")
                ? RunNotes.withTensorBoard(run.output(), hadoop, session)
                : RunNotes.begin(run.output(), hadoop, session));
  }

  @Override
  public void roundDone(RoundMetrics metrics, TrainingState averaged) {
    RunNotes notes = notes();
    notes.round(entry(metrics, averaged.rounds()));
    for (Evaluation<R> evaluation : evaluations) {
      evaluate(evaluation, averaged);
    }
    notes.flushIfDue();
  }

  private HistoryEntry.Round entry(RoundMetrics metrics, long rounds) {
    long step = run.plan().position(rounds).step();
    Map<String, Double> phases = new TreeMap<>();
    for (Phase phase : Phase.values()) {
      phases.put(phase.key(), metrics.phases().get(phase));
    }
    Map<String, Double> terms = new TreeMap<>();
    for (int term = 0; term < run.lossTerms().size(); term++) {
      terms.put(run.lossTerms().get(term), metrics.term(term));
    }
    return new HistoryEntry.Round(
        rounds,
        step,
        run.epochs(rounds),
        metrics.loss(),
        terms,
        metrics.gradientNorm(),
        run.settings().learningRateSchedule(run.plan()).valueAt(Math.toIntExact(step - 1), 0),
        metrics.samples(),
        metrics.seconds(),
        metrics.averagedMegabytesPerSecond(run.parameters()),
        phases);
  }

  private void evaluate(Evaluation<R> evaluation, TrainingState averaged) {
    try {
      evaluation.roundDone(averaged, notes());
    } catch (StateLostException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      notes().warning(evaluation.failure(), e);
    }
  }

  @Override
  public void checkpointBegins(long finishedRounds) {
    // A run that goes on from the checkpoint then knows of every round before it.
    notes().flush();
  }

  @Override
  public void checkpointWritten(Checkpoint checkpoint) {
    notes()
        .checkpoint(
            new HistoryEntry.CheckpointWritten(
                checkpoint.state().round(), checkpoint.path().toString()));
  }

  @Override
  public void warned(String message) {
    notes().warning(message);
  }

  @Override
  public void finished() {
    notes().end("finished");
  }

  @Override
  public void concluded(List<String> lines) {
    // Without notes nothing was trained, and they have been there since it was.
    noted.ifPresent(notes -> notes.conclude(lines));
  }

  @Override
  public void failed(Exception cause) {
    notes().end("stopped: " + cause.getMessage());
  }

  /** There are notes from when the run began. */
  private RunNotes notes() {
    return noted.orElseThrow();
  }
}
