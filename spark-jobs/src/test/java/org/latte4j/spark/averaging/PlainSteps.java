package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;

/** Local steps of {@link PlainNetwork}. */
public class PlainSteps implements LocalSteps<PlainNetwork> {
  private static final long serialVersionUID = 1L;

  private final int stepsPerRound;

  public PlainSteps(int stepsPerRound) {
    this.stepsPerRound = stepsPerRound;
  }

  /** The network's initial parameters; the moving average begins as they do. */
  public static void fill(StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into) {
    if (vector == StateVector.PARAMETERS || vector == StateVector.EMA) {
      for (int i = 0; i < slice.length(); i++) {
        into.put(PlainNetwork.initial(slice.offset() + i));
      }
    }
  }

  @Override
  public int stepsPerRound() {
    return stepsPerRound;
  }

  @Override
  public PlainNetwork newReplica() {
    return new PlainNetwork();
  }

  @Override
  public LocalResult run(PlainNetwork replica, int worker, long round) {
    return replica.train(worker, round, stepsPerRound);
  }
}
