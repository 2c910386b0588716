package org.latte4j.model.kernels;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Owns blocks of host memory, aligned to cache lines. */
final class HostArena implements Arena {
  private static final int ALIGNMENT = 64;

  private final List<FloatPointer> blocks = new ArrayList<>();
  private long bytes;
  private boolean closed;

  /** What a tensor takes here. */
  static long bytes(long length) {
    return (length + ALIGNMENT / Float.BYTES) * Float.BYTES;
  }

  @Override
  public HostTensor allocate(int... shape) {
    if (closed) {
      throw new IllegalStateException("this arena is closed and allocates no more");
    }
    long length = ShapedTensor.lengthOf(shape);
    FloatPointer block = new FloatPointer(length + ALIGNMENT / Float.BYTES);
    Pointer.memset(block, 0, block.capacity() * Float.BYTES);
    blocks.add(block);
    bytes += bytes(length);
    long aligned = (block.address() + ALIGNMENT - 1) & -ALIGNMENT;
    return new HostTensor(new HostMemory(aligned, length, block), 0, shape);
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    closed = true;
    blocks.forEach(Pointer::deallocate);
    blocks.clear();
    bytes = 0;
  }
}
