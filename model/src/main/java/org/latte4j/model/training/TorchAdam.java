package org.latte4j.model.training;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Adam as PyTorch computes it: epsilon is added to the bias-corrected deviation. Deeplearning4j
 * adds it before the correction, which after one step at rate 1e-3 moves parameters 6e-4 apart;
 * giving its native operation {@code epsilon * sqrt(1 - beta2^t)} makes the two equal.
 *
 * <p>State: all first moments, then all second moments, in one flat vector. Without weight decay
 * this is the reference's AdamW.
 */
public final class TorchAdam extends Adam {
  private static final long serialVersionUID = 1L;

  /** For Deeplearning4j's JSON; sets the usual betas (0.9, 0.999) and epsilon (1e-8). */
  public TorchAdam() {}

  /** With a constant learning rate. */
  public TorchAdam(double learningRate) {
    super(learningRate);
  }

  @Override
  public TorchAdam clone() {
    TorchAdam copy = new TorchAdam(getLearningRate());
    copy.setLearningRateSchedule(
        getLearningRateSchedule() == null ? null : getLearningRateSchedule().clone());
    copy.setBeta1(getBeta1());
    copy.setBeta2(getBeta2());
    copy.setEpsilon(getEpsilon());
    return copy;
  }

  @Override
  public BiasCorrectedUpdater instantiate(INDArray view, boolean initialize) {
    BiasCorrectedUpdater updater = new BiasCorrectedUpdater();
    INDArray row = view.reshape(1, view.length());
    updater.setStateViewArray(row, new long[] {1, row.length() / 2}, row.ordering(), initialize);
    return updater;
  }

  @Override
  public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
    BiasCorrectedUpdater updater = new BiasCorrectedUpdater();
    updater.setState(state, initialize);
    return updater;
  }

  /** Adam's step on the whole vector. */
  public final class BiasCorrectedUpdater extends AdamUpdater {
    private int firstIteration;

    BiasCorrectedUpdater() {
      super(TorchAdam.this);
    }

    /** Says that the moments held nothing before an iteration: its bias correction is a first's. */
    public void momentsBeginAt(int iteration) {
      firstIteration = iteration;
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      INDArray first = getState().get(M_STATE);
      INDArray second = getState().get(V_STATE);
      int age = iteration - firstIteration;
      double epsilon = getEpsilon() * Math.sqrt(1 - Math.pow(getBeta2(), age + 1.0));
      double rate = TorchAdam.this.getLearningRate(iteration, epoch);
      Nd4j.exec(
          new org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater(
              gradient.reshape(second.shape()),
              second,
              first,
              // The native operation takes a rate of zero for "not set" and moves all the same.
              rate == 0 ? 1 : rate,
              getBeta1(),
              getBeta2(),
              epsilon,
              age));
      if (rate == 0) {
        gradient.assign(0);
      }
    }
  }
}
