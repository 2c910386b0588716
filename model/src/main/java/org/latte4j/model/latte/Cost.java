package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.CountingKernels;
import org.latte4j.model.kernels.Tensor;

/**
 * What a network costs, found by running it on kernels that only count: what is counted is what
 * runs.
 *
 * @param parameters trainable parameters
 * @param multiplyAdds of the matrix products of one forward pass over the plan's batch, without
 *     those inside attention
 * @param attentionMultiplyAdds of queries with keys and of probabilities with values in one forward
 *     pass
 * @param publishedMultiplyAdds the first clip's share as the paper counts it: without the products
 *     inside attention, with the modulation computed anew for each sequence that attends (here:
 *     once a condition), and with two for each value of a layer norm. Latte-XL/2 has 1857.6 G
 * @param bufferBytes off-heap memory of activations and working storage: {@link Latte#bytes()} on
 *     the vector kernels
 * @param memoryBytes all memory of numbers: buffers, the parameters, in training also gradients,
 *     Adam's two moments, and the inputs, outputs and gradients of the loss
 */
public record Cost(
    long parameters,
    long multiplyAdds,
    long attentionMultiplyAdds,
    long publishedMultiplyAdds,
    long bufferBytes,
    long memoryBytes) {

  /** Vectors as long as the parameters in training: themselves, gradients, Adam's two moments. */
  private static final int TRAINING_VECTORS = 4;

  /** Arrays as long as the input that training keeps beside the network: see the loss. */
  private static final int LOSS_ARRAYS = 12;

  /**
   * The cost of a network under a plan.
   *
   * @throws IllegalArgumentException if the plan asks for images that the architecture cannot take,
   *     or the network has more than 2^31 - 1 parameters
   */
  public static Cost of(LatteConfiguration configuration, LattePlan plan) {
    long parameters = new ParameterLayout(configuration).length();
    int batch = plan.batch();
    int frames = configuration.latent().frames() + plan.images();
    long input = (long) batch * frames * configuration.latent().frameLength();
    try (CountingKernels kernels = new CountingKernels();
        Arena arena = kernels.arena()) {
      Tensor flat = arena.allocate(flatLength(parameters));
      Tensor x = arena.allocate(Math.toIntExact(input));
      try (Latte latte = new Latte(kernels, configuration, plan, flat, flat)) {
        int[] y = new int[configuration.conditional() ? batch : 0];
        int[] imageY = new int[configuration.conditional() ? batch * plan.images() : 0];
        latte.forward(x, new int[batch], y, imageY);
        boolean training = plan.purpose() != LattePlan.Purpose.INFERENCE;
        long values =
            training ? TRAINING_VECTORS * parameters + LOSS_ARRAYS * input : parameters + 4 * input;
        return new Cost(
            parameters,
            kernels.multiplyAdds(),
            kernels.attentionMultiplyAdds(),
            kernels.multiplyAdds() / batch + publishedExtras(configuration),
            latte.bytes(),
            latte.bytes() + Float.BYTES * values);
      }
    }
  }

  private static int flatLength(long parameters) {
    if (parameters > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a network of %d parameters is beyond the 2^31 - 1 that fit one vector"
              .formatted(parameters));
    }
    return (int) parameters;
  }

  /** What the paper counts beyond the matrix products that are made here, for a clip alone. */
  private static long publishedExtras(LatteConfiguration configuration) {
    Architecture architecture = configuration.architecture();
    long d = configuration.hiddenSize();
    long frames = configuration.tokenFrames();
    long places = configuration.tokens() + configuration.conditionTokens();
    long depth = configuration.depth();
    boolean joined = architecture.variant().joinsSpaceAndTime();
    long branches = architecture.variant() == Variant.SEQUENTIAL_ATTENTION ? 3 : 2;
    long norms = 2 * (branches * depth + 1) * frames * places * d;
    if (architecture.conditioning() == Conditioning.ALL_TOKENS) {
      return norms;
    }
    long sequences = joined ? depth * (frames + places - 1) : depth / 2 * (frames + places - 2);
    long vectors =
        BlockStack.BRANCHES * (long) architecture.conditioning().vectorsPerBranch() * sequences
            + 2 * (frames - 1);
    return norms + vectors * d * d;
  }
}
