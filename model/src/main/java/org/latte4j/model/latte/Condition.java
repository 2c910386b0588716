package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Tensor;

/** The way of timestep and class into the network (section 3.3.2). */
interface Condition {
  /** Embeds the conditions of a pass. */
  void forward(PassInputs inputs);

  /** Puts condition tokens into their places, where there are any. tokens [R, D]. */
  void place(Tensor tokens);

  /**
   * The vectors that steer a block or the final layer.
   *
   * @param arena for what the vectors need
   * @param scope whose conditions they follow
   * @param vectors n
   */
  Modulation modulation(Arena arena, String name, TokenScope scope, int vectors);

  /** Before the first module's backward pass. */
  void beginBackward();

  /**
   * After the last module's backward pass: adds the gradients of the embeddings.
   *
   * @param dTokens [R, D]: gradient of the tokens that {@link #place} completed
   */
  void backward(Tensor dTokens);
}
