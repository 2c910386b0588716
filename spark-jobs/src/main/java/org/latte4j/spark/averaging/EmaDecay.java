package org.latte4j.spark.averaging;

import java.io.Serializable;

/**
 * How much of the moving average an optimiser step keeps: ema = decay ema + (1 - decay) parameters.
 *
 * <p>With a warm-up, step n (from 0) has min(decay, (1 + n) / (10 + n)): the average follows the
 * first steps closely and forgets the initial parameters, instead of holding on to them for as many
 * steps as the decay averages over. The schedule is that of TensorFlow's {@code
 * ExponentialMovingAverage}; with 0.9999, the decay itself is reached after 90,000 steps.
 *
 * @param decay of a step, in [0, 1)
 * @param start what the first steps have
 */
public record EmaDecay(double decay, Start start) implements Serializable {
  /** What the first steps have. */
  public enum Start {
    /** The decay itself, as the reference. */
    AT_ONCE,
    /** Less, rising to it. */
    WARM_UP
  }

  /** Refuses a decay that never moves, or away. */
  public EmaDecay {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("the EMA's decay lies in [0, 1), unlike " + decay);
    }
  }

  /** Decay of step n, from 0. */
  public double ofStep(long step) {
    return start == Start.AT_ONCE ? decay : Math.min(decay, (1.0 + step) / (10.0 + step));
  }

  /**
   * Decay over several steps in a row: the product of theirs.
   *
   * @param firstStep steps that came before
   */
  double over(long firstStep, int steps) {
    if (ofStep(firstStep) == decay) {
      return StrictMath.pow(decay, steps);
    }
    double product = 1;
    for (int step = 0; step < steps; step++) {
      product *= ofStep(firstStep + step);
    }
    return product;
  }
}
