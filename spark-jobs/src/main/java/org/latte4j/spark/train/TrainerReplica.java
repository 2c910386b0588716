package org.latte4j.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import org.latte4j.model.training.FlatTrainer;
import org.latte4j.spark.averaging.FlatState;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.averaging.StateVector;

/**
 * A worker's network with Adam's state, and its open data. Kept by the executor between rounds.
 *
 * @param <T> the network in training
 */
public final class TrainerReplica<T extends FlatTrainer> implements Replica {
  private final T trainer;
  private final Batches<T> batches;
  private final FlatState state;

  /** A replica that owns what it is given. */
  TrainerReplica(T trainer, Batches<T> batches) {
    this.trainer = trainer;
    this.batches = batches;
    this.state = new FlatState(trainer.parameterVector(), trainer.updaterStateVector());
  }

  T trainer() {
    return trainer;
  }

  Batches<T> batches() {
    return batches;
  }

  @Override
  public void load(StateVector vector, long offset, FloatBuffer values) {
    state.load(vector, offset, values);
  }

  @Override
  public void store(StateVector vector, long offset, FloatBuffer into) {
    state.store(vector, offset, into);
  }

  @Override
  public void close() {
    trainer.close();
    try {
      batches.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the files of the training data", e);
    }
  }
}
