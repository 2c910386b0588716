package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;

/**
 * Is told how training goes on; called by the driver's thread, and training waits for it. What a
 * listener throws ends the run.
 *
 * @param <R> the runs that it can watch
 */
public interface RunListener<R extends RunDescription> {
  /**
   * Training begins, or goes on after {@link RunDescription#finishedRounds}. Comes again if the run
   * has to go back to its newest checkpoint, because the executors that held its state were lost.
   */
  default void begins(R run) throws IOException {}

  /**
   * A round is done, and its numbers are finite. Comes before the round's checkpoint, if there is
   * one.
   *
   * @param metrics of the round
   * @param averaged the state after it, on the executors; valid during this call
   */
  default void roundDone(RoundMetrics metrics, TrainingState averaged) throws IOException {}

  /** A checkpoint is about to be written. */
  default void checkpointBegins(long finishedRounds) throws IOException {}

  /** A whole checkpoint has been written. */
  default void checkpointWritten(Checkpoint checkpoint) throws IOException {}

  /** Something is wrong that does not end the run. */
  default void warned(String message) throws IOException {}

  /**
   * The run stands still, or moves again. Called by the watchdog's thread, unlike the others, at
   * any time between {@link #begins} and the end.
   *
   * @param report where it stands, in one or several lines
   */
  default void standsStill(String report) {}

  /** All rounds are done, and the last checkpoint is written. */
  default void finished() throws IOException {}

  /**
   * Something was made of the finished run, such as an export. Comes after {@link #finished}, and
   * also if there was nothing to train.
   *
   * @param lines what it came to, for people
   */
  default void concluded(List<String> lines) throws IOException {}

  /** The run ends with an error, after {@link #begins}; {@code cause} is thrown next. */
  default void failed(Exception cause) throws IOException {}
}
