package org.latte4j.spark.observe;

import java.io.IOException;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.train.RunDescription;

/**
 * What is made of a run's weights every so many rounds, beside its numbers.
 *
 * @param <R> the runs that it can evaluate
 */
interface Evaluation<R extends RunDescription> {
  /** The run begins or goes on. What is thrown ends it. */
  void begins(R run) throws IOException;

  /**
   * A round is done. What is thrown is noted as a warning, and the run goes on.
   *
   * @param averaged the state after it; valid during this call
   * @param notes receives what there is to note
   */
  void roundDone(TrainingState averaged, RunNotes notes) throws IOException;

  /** What to say when it fails, such as {@code validation failed}. */
  String failure();
}
