package org.latte4j.model.training;

/**
 * A network in training, whose parameters and updater's state lie in one flat vector each. Owns its
 * memory; not thread-safe.
 */
public interface FlatTrainer extends AutoCloseable {
  /** The parameters; valid until the trainer is closed. */
  FlatVector parameterVector();

  /** The updater's state: all first moments, then all second ones. */
  FlatVector updaterStateVector();

  /** Sets how many optimiser steps the network has behind it. */
  void step(int count);

  /** Sets the updater's state to that of a first step. */
  void resetUpdater();

  @Override
  void close();
}
