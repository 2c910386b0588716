package org.latte4j.spark.observe;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.history.RunHistory;
import org.latte4j.spark.report.RunReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is noted of a run in one session: in its history, and in TensorBoard's files if there are
 * any. What cannot be written is logged and noted as a warning; nothing is thrown once it has
 * begun.
 *
 * <p>Used by the driver's thread.
 */
final class RunNotes {
  private static final Logger LOG = LoggerFactory.getLogger(RunNotes.class);
  private static final Duration FLUSH_AFTER = Duration.ofSeconds(30);

  private final Path run;
  private final Configuration hadoop;
  private final RunHistory history;
  private Optional<TensorBoardLog> tensorBoard;
  private long flushedNanos = System.nanoTime();
  private long rounds;

  private RunNotes(
      Path run, Configuration hadoop, RunHistory history, Optional<TensorBoardLog> tensorBoard) {
    this.run = run;
    this.hadoop = hadoop;
    this.history = history;
    this.tensorBoard = tensorBoard;
  }

  /** Notes in the history alone. */
  static RunNotes begin(Path run, Configuration hadoop, HistoryEntry.SessionBegan session)
      throws IOException {
    return begin(run, hadoop, session, Optional.empty());
  }

  /** Notes in the history and for TensorBoard. */
  static RunNotes withTensorBoard(Path run, Configuration hadoop, HistoryEntry.SessionBegan session)
      throws IOException {
    return begin(run, hadoop, session, Optional.of(TensorBoardLog.begin(run, hadoop, session)));
  }

  private static RunNotes begin(
      Path run,
      Configuration hadoop,
      HistoryEntry.SessionBegan session,
      Optional<TensorBoardLog> tensorBoard)
      throws IOException {
    RunNotes notes = new RunNotes(run, hadoop, RunHistory.open(run, hadoop), tensorBoard);
    notes.rounds = session.finishedRounds();
    notes.history.add(session);
    notes.flush();
    return notes;
  }

  /** A round is done. */
  void round(HistoryEntry.Round round) {
    rounds = round.finishedRounds();
    history.add(round);
    show(log -> log.round(round));
  }

  /** Held-out clips were evaluated. */
  void validation(HistoryEntry.Validation losses) {
    history.add(losses);
    show(log -> log.validation(losses));
  }

  /** Videos were made. */
  void samples(HistoryEntry.Samples entry, BufferedImage sheet) {
    history.add(entry);
    show(log -> log.samples(entry, sheet));
  }

  /** A checkpoint was written. */
  void checkpoint(HistoryEntry.CheckpointWritten entry) {
    history.add(entry);
  }

  /** Something is wrong that does not end the run. */
  void warning(String message) {
    history.add(new HistoryEntry.Warning(rounds, message));
  }

  /** Something failed that training goes on without. */
  void warning(String what, Exception cause) {
    LOG.warn("round {}: {}; training goes on", rounds, what, cause);
    warning(what + ": " + cause.getMessage());
  }

  /** Makes last what was noted, if that was not done for a while. */
  void flushIfDue() {
    if (System.nanoTime() - flushedNanos >= FLUSH_AFTER.toNanos()) {
      flush();
    }
  }

  /** Makes last what was noted. */
  void flush() {
    show(TensorBoardLog::flush);
    try {
      history.flush();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the history of {} could not be written, and is kept for the next try", run, e);
    }
    flushedNanos = System.nanoTime();
  }

  /** The run goes back to a checkpoint, and its next session notes anew. */
  void breakOff() {
    flush();
    show(TensorBoardLog::close);
    tensorBoard = Optional.empty();
  }

  /** The session ends, and the report is written. */
  void end(String outcome) {
    history.add(new HistoryEntry.SessionEnded(rounds, System.currentTimeMillis(), outcome));
    breakOff();
    report();
  }

  /** Something was made of the finished run; the report is written again. */
  void conclude(List<String> lines) {
    history.add(new HistoryEntry.Concluded(rounds, lines));
    flush();
    report();
  }

  private void report() {
    try {
      RunReport.write(run, hadoop);
    } catch (IOException | RuntimeException e) {
      warning("the report could not be written", e);
    }
  }

  /** Does without TensorBoard from the first failure on: its stream is broken then. */
  private void show(Showing showing) {
    try {
      if (tensorBoard.isPresent()) {
        showing.on(tensorBoard.get());
      }
    } catch (IOException | RuntimeException e) {
      tensorBoard = Optional.empty();
      warning("TensorBoard's files are no longer written", e);
    }
  }

  @FunctionalInterface
  private interface Showing {
    void on(TensorBoardLog log) throws IOException;
  }
}
