package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.spark.averaging.FlatState;
import org.latte4j.spark.averaging.Replica;
import org.latte4j.spark.averaging.StateVector;

/** A worker's network with Adam's state, and its open frames. Kept between rounds. */
final class AutoencoderReplica implements Replica {
  private final AutoencoderTrainer trainer;
  private final FrameCrops frames;
  private final FlatState state;

  AutoencoderReplica(AutoencoderTrainer trainer, FrameCrops frames) {
    this.trainer = trainer;
    this.frames = frames;
    this.state = new FlatState(trainer.parameterVector(), trainer.updaterStateVector());
  }

  AutoencoderTrainer trainer() {
    return trainer;
  }

  FrameCrops frames() {
    return frames;
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
      frames.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the files of frames", e);
    }
  }
}
