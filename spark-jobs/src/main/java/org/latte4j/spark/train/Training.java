package org.latte4j.spark.train;

import java.io.IOException;
import java.util.List;
import org.latte4j.spark.averaging.ParameterTensor;
import org.latte4j.spark.averaging.Replica;

/**
 * What a run trains, and on what: the part of a run in which one kind of network differs from
 * another. {@link TrainingRun} opens it anew whenever the run begins or goes back.
 *
 * @param <R> how such a run describes itself
 * @param <P> a worker's network
 */
public interface Training<R extends RunDescription, P extends Replica> {
  /** The trainable tensors, in the order of the flat vector. */
  List<ParameterTensor> tensors();

  /** What the result follows from. */
  RunIdentity identity();

  /**
   * What the rounds that are missing need.
   *
   * @throws org.latte4j.model.settings.SettingsException if settings do not fit the data
   * @throws IOException if data or weights to begin with cannot be read
   */
  RunSetup<R, P> setUp(RunPoint from) throws IOException;
}
