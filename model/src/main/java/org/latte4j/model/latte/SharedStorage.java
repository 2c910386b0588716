package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Tensor;

/**
 * Storage that blocks use one after the other: after {@link #restart()} the same tensors are handed
 * out again, in the same order, under new shapes. What they hold then is what the block before left
 * there. The memory belongs to another arena.
 */
final class SharedStorage implements Arena {
  private final Arena owner;
  private final List<Tensor> tensors = new ArrayList<>();
  private int next;

  SharedStorage(Arena owner) {
    this.owner = owner;
  }

  /** The next block begins: hand out from the first tensor again. */
  void restart() {
    next = 0;
  }

  @Override
  public Tensor allocate(int... shape) {
    long length = 1;
    for (int size : shape) {
      length = Math.multiplyExact(length, size);
    }
    if (next == tensors.size()) {
      tensors.add(owner.allocate(shape));
    } else if (tensors.get(next).length() < length) {
      tensors.set(next, owner.allocate(shape));
    }
    return tensors.get(next++).slice(0, shape);
  }

  @Override
  public long bytes() {
    return owner.bytes();
  }

  /** Does nothing: the owner frees the memory. */
  @Override
  public void close() {}
}
