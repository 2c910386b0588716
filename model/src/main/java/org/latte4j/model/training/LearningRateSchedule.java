package org.latte4j.model.training;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Learning rate over steps: a linear rise over the warm-up, then constant, or falling to zero along
 * half a cosine.
 *
 * <p>A Deeplearning4j schedule, written to its JSON by fields. Not thread-safe while being set up.
 */
public final class LearningRateSchedule implements ISchedule {
  private static final long serialVersionUID = 1L;

  /** What follows the warm-up. */
  public enum Decay {
    /** The rate stays. */
    CONSTANT,
    /** The rate falls to zero at the last step: half a cosine. */
    COSINE
  }

  private double rate;
  private int warmUpSteps;
  private int totalSteps;
  private Decay decay = Decay.CONSTANT;

  /** For Deeplearning4j's JSON. */
  public LearningRateSchedule() {}

  /**
   * A schedule.
   *
   * @param rate the highest rate, positive
   * @param warmUpSteps steps of the linear rise; 0 for none
   * @param totalSteps steps of the whole run, where a cosine ends
   */
  public LearningRateSchedule(double rate, int warmUpSteps, int totalSteps, Decay decay) {
    this.rate = rate;
    this.warmUpSteps = warmUpSteps;
    this.totalSteps = totalSteps;
    this.decay = Objects.requireNonNull(decay);
  }

  @Override
  public double valueAt(int iteration, int epoch) {
    if (iteration < warmUpSteps) {
      return rate * (iteration + 1) / warmUpSteps;
    }
    if (decay == Decay.CONSTANT) {
      return rate;
    }
    double done =
        Math.min(1, (iteration - warmUpSteps) / (double) Math.max(1, totalSteps - warmUpSteps));
    return rate * 0.5 * (1 + Math.cos(Math.PI * done));
  }

  @Override
  public LearningRateSchedule clone() {
    return new LearningRateSchedule(rate, warmUpSteps, totalSteps, decay);
  }

  /** The highest rate. */
  public double getRate() {
    return rate;
  }

  /** Sets the highest rate. */
  public void setRate(double rate) {
    this.rate = rate;
  }

  /** Steps of the linear rise. */
  public int getWarmUpSteps() {
    return warmUpSteps;
  }

  /** Sets the steps of the linear rise. */
  public void setWarmUpSteps(int warmUpSteps) {
    this.warmUpSteps = warmUpSteps;
  }

  /** Steps of the whole run. */
  public int getTotalSteps() {
    return totalSteps;
  }

  /** Sets the steps of the whole run. */
  public void setTotalSteps(int totalSteps) {
    this.totalSteps = totalSteps;
  }

  /** What follows the warm-up. */
  public Decay getDecay() {
    return decay;
  }

  /** Sets what follows the warm-up. */
  public void setDecay(Decay decay) {
    this.decay = decay;
  }
}
