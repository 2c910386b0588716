package org.latte4j.spark.averaging;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** What averaging rounds must compute, written down as plain loops without Spark. */
public final class SequentialAveraging {
  private SequentialAveraging() {}

  public static Map<StateVector, float[]> train(
      int workers, int steps, int rounds, double emaDecay) {
    return train(workers, steps, rounds, emaDecay, EnumSet.noneOf(StateVector.class));
  }

  /** Parameters and moving average when every worker keeps its own moments. */
  public static Map<StateVector, float[]> trainWithOwnMoments(
      int workers, int steps, int rounds, double emaDecay) {
    EnumSet<StateVector> own = EnumSet.of(StateVector.FIRST_MOMENT, StateVector.SECOND_MOMENT);
    Map<StateVector, float[]> state = train(workers, steps, rounds, emaDecay, own);
    state.keySet().removeAll(own);
    return state;
  }

  private static Map<StateVector, float[]> train(
      int workers, int steps, int rounds, double emaDecay, EnumSet<StateVector> own) {
    Map<StateVector, float[]> state = new EnumMap<>(StateVector.class);
    for (StateVector vector : StateVector.values()) {
      state.put(vector, new float[PlainNetwork.LENGTH]);
    }
    for (int i = 0; i < PlainNetwork.LENGTH; i++) {
      state.get(StateVector.PARAMETERS)[i] = PlainNetwork.initial(i);
      state.get(StateVector.EMA)[i] = PlainNetwork.initial(i);
    }
    List<Map<StateVector, float[]>> kept = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<PlainNetwork> networks = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        PlainNetwork network = new PlainNetwork();
        network.vectors.replaceAll((vector, values) -> state.get(vector).clone());
        if (round > 0) {
          network.vectors.putAll(kept.get(worker));
        }
        network.train(worker, round, steps);
        networks.add(network);
      }
      kept.clear();
      for (PlainNetwork network : networks) {
        Map<StateVector, float[]> mine = new EnumMap<>(StateVector.class);
        own.forEach(vector -> mine.put(vector, network.vectors.get(vector).clone()));
        kept.add(mine);
      }
      for (StateVector vector : networks.get(0).vectors.keySet()) {
        for (int i = 0; i < PlainNetwork.LENGTH; i++) {
          double sum = 0;
          for (PlainNetwork network : networks) {
            sum += network.vectors.get(vector)[i];
          }
          state.get(vector)[i] = (float) (sum / workers);
        }
      }
      double decay = StrictMath.pow(emaDecay, steps);
      float[] ema = state.get(StateVector.EMA);
      float[] parameters = state.get(StateVector.PARAMETERS);
      for (int i = 0; i < ema.length; i++) {
        ema[i] = (float) (decay * ema[i] + (1 - decay) * parameters[i]);
      }
    }
    return state;
  }
}
