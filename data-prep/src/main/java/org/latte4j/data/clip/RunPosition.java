package org.latte4j.data.clip;

import java.io.Serializable;

/**
 * How far a training run has come.
 *
 * @param round rounds finished
 * @param step steps that each worker has taken
 * @param sample samples that all workers together have been given
 */
public record RunPosition(long round, long step, long sample) implements Serializable {
  /** Where every run begins. */
  public static final RunPosition START = new RunPosition(0, 0, 0);

  /** Refuses negative numbers. */
  public RunPosition {
    if (round < 0 || step < 0 || sample < 0) {
      throw new IllegalArgumentException(
          "a run counts from 0, unlike round %d, step %d, sample %d"
              .formatted(round, step, sample));
    }
  }
}
