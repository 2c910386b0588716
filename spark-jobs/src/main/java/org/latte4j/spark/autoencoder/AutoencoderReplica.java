package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.model.training.FlatVector;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.averaging.StateVector;

/** A worker's network with Adam's state, and its open frames. Kept between rounds. */
final class AutoencoderReplica implements Replica {
  private final AutoencoderTrainer trainer;
  private final FrameCrops frames;
  private final FlatVector parameters;
  private final FlatVector moments;

  AutoencoderReplica(AutoencoderTrainer trainer, FrameCrops frames) {
    this.trainer = trainer;
    this.frames = frames;
    this.parameters = trainer.parameterVector();
    this.moments = trainer.updaterStateVector();
  }

  AutoencoderTrainer trainer() {
    return trainer;
  }

  FrameCrops frames() {
    return frames;
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
      frames.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the files of frames", e);
    }
  }
}
