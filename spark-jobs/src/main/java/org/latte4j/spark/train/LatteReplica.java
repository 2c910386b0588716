package org.latte4j.spark.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import org.latte4j.model.training.FlatVector;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.averaging.StateVector;

/**
 * A worker's network with Adam's state, and its open shards. Kept by the executor between rounds.
 */
final class LatteReplica implements Replica {
  private final LatteTrainer trainer;
  private final BatchReader batches;
  private final FlatVector parameters;
  private final FlatVector moments;

  LatteReplica(LatteTrainer trainer, BatchReader batches) {
    this.trainer = trainer;
    this.batches = batches;
    this.parameters = trainer.parameterVector();
    this.moments = trainer.updaterStateVector();
  }

  LatteTrainer trainer() {
    return trainer;
  }

  BatchReader batches() {
    return batches;
  }

  @Override
  public void load(StateVector vector, long offset, FloatBuffer values) {
    flat(vector).write(base(vector) + offset, values);
  }

  @Override
  public void store(StateVector vector, long offset, FloatBuffer into) {
    flat(vector).read(base(vector) + offset, into);
  }

  private FlatVector flat(StateVector vector) {
    return switch (vector) {
      case PARAMETERS -> parameters;
      case FIRST_MOMENT, SECOND_MOMENT -> moments;
      case EMA -> throw new IllegalArgumentException("a replica holds no moving average");
    };
  }

  /** Adam's state holds all first moments, then all second moments. */
  private long base(StateVector vector) {
    return vector == StateVector.SECOND_MOMENT ? parameters.length() : 0;
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
