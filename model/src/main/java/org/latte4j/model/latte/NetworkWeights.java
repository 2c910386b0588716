package org.latte4j.model.latte;

import org.latte4j.model.weights.WeightFormatException;
import org.latte4j.model.weights.WeightSource;

/** Weights of any network that a model card describes. */
public final class NetworkWeights {
  private NetworkWeights() {}

  /**
   * Makes sure that these are the weights of a network of these sizes, by names and shapes.
   *
   * @throws WeightFormatException naming what does not fit
   */
  public static void check(WeightSource source, LatteConfiguration network)
      throws WeightFormatException {
    if (network.architecture().text() == TextConditioning.CROSS_ATTENTION) {
      T2vWeights.check(source, new T2vConfiguration(network, T2vWeights.textWidth(source)));
    } else {
      LatteWeights.check(source, network);
    }
  }
}
