package org.latte4j.spark.preflight;

import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.ParameterLayout;

/**
 * An estimate of what one network in training holds outside the heap, in bytes: four vectors of all
 * parameters (themselves, gradient, Adam's two moments), and the activations that the backward pass
 * needs. On the CPU within a tenth of what is measured; the temporary arrays that ND4J's own
 * operations make on a GPU come on top.
 *
 * @param parameters P
 * @param vectors bytes of the four vectors
 * @param activations bytes of activations, their gradients and the batch
 */
public record ReplicaMemory(long parameters, long vectors, long activations) {
  private static final int VECTORS = 4;

  /**
   * Widths of a block's activations in units of D, a token: three norms' and branches', qkv, MLP.
   */
  private static final int WIDTHS_OF_A_BLOCK = 18;

  private static final int WIDTHS_OF_GRADIENTS = 9;

  /**
   * For training.
   *
   * @param batch samples of a step
   * @param microBatch samples of one pass, 1 to {@code batch}
   */
  public static ReplicaMemory training(LatteConfiguration sizes, int batch, int microBatch) {
    long parameters = new ParameterLayout(sizes).length();
    long d = sizes.hiddenSize();
    long frames = sizes.latent().frames();
    long tokens = sizes.tokens();
    long rows = microBatch * frames * tokens;
    long modulation = 6L * d * microBatch;
    long spatial = microBatch * frames * sizes.heads() * tokens * tokens;
    long temporal = microBatch * tokens * sizes.heads() * frames * frames;
    long blocks =
        sizes.depth() * (WIDTHS_OF_A_BLOCK * d * rows + 4 * rows + modulation)
            + sizes.depth() / 2 * (spatial + temporal);
    long gradients = WIDTHS_OF_GRADIENTS * d * rows + modulation;
    // Tokens, their gradient and the last norm; then the clean batch and its noise, the noisy
    // latents, the output and its gradient, and both as patches.
    long ends = 3 * d * rows;
    long latents = sizes.latent().length() * (2L * batch + 8L * microBatch);
    return new ReplicaMemory(
        parameters,
        VECTORS * parameters * Float.BYTES,
        (blocks + gradients + ends + latents) * Float.BYTES);
  }

  /** All of it. */
  public long bytes() {
    return vectors + activations;
  }
}
