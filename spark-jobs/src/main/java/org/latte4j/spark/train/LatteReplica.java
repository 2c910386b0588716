package org.latte4j.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.spark.averaging.FlatState;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.averaging.StateVector;

/**
 * A worker's network with Adam's state, and its open shards. Kept by the executor between rounds.
 */
final class LatteReplica implements Replica {
  private final LatteTrainer trainer;
  private final BatchReader batches;
  private final FlatState state;

  LatteReplica(LatteTrainer trainer, BatchReader batches) {
    this.trainer = trainer;
    this.batches = batches;
    this.state = new FlatState(trainer.parameterVector(), trainer.updaterStateVector());
  }

  LatteTrainer trainer() {
    return trainer;
  }

  BatchReader batches() {
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
      throw new UncheckedIOException("cannot close the latent shards", e);
    }
  }
}
