package org.latte4j.spark.preflight;

import org.latte4j.model.latte.Cost;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;

/**
 * What one network in training holds outside the heap, in bytes: four vectors of all parameters
 * (themselves, gradient, Adam's two moments), and the activations that the backward pass needs, as
 * {@link Cost} counts them for the vector kernels. The temporary arrays that ND4J's own operations
 * make on a GPU come on top.
 *
 * @param parameters P
 * @param vectors bytes of the four vectors
 * @param activations bytes of activations, their gradients and what the loss keeps
 */
public record ReplicaMemory(long parameters, long vectors, long activations) {
  private static final int VECTORS = 4;

  /** For training under a plan. */
  public static ReplicaMemory training(LatteConfiguration sizes, LattePlan plan) {
    Cost cost = Cost.of(sizes, plan);
    long vectors = VECTORS * cost.parameters() * Float.BYTES;
    return new ReplicaMemory(cost.parameters(), vectors, cost.memoryBytes() - vectors);
  }

  /**
   * Of another network.
   *
   * @param activations bytes of activations, their gradients and what the loss keeps
   */
  public static ReplicaMemory of(long parameters, long activations) {
    return new ReplicaMemory(parameters, VECTORS * parameters * Float.BYTES, activations);
  }

  /** All of it. */
  public long bytes() {
    return vectors + activations;
  }
}
