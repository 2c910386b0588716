package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * The gradients of a modulation's vectors: one buffer for the branch that they belong to, and more
 * for branches that share them.
 */
final class GradientBuffers {
  private final Kernels kernels;
  private final Arena arena;
  private final int rows;
  private final int width;
  private final List<Tensor> buffers = new ArrayList<>();

  GradientBuffers(Kernels kernels, Arena arena, int rows, int width) {
    this.kernels = kernels;
    this.arena = arena;
    this.rows = rows;
    this.width = width;
    add();
  }

  /** A new buffer [rows, width]. */
  Tensor add() {
    Tensor buffer = arena.allocate(rows, width);
    buffers.add(buffer);
    return buffer;
  }

  /** The first buffer. */
  Tensor own() {
    return buffers.get(0);
  }

  /**
   * Zeros in the further buffers: the branches that share vectors set but a part of their buffers.
   */
  void clear() {
    buffers.subList(1, buffers.size()).forEach(buffer -> kernels.fill(buffer, 0));
  }

  /** The sum of all buffers, in the first. */
  Tensor sum() {
    buffers.subList(1, buffers.size()).forEach(buffer -> kernels.add(buffer, own()));
    return own();
  }
}
