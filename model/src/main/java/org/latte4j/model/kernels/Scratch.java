package org.latte4j.model.kernels;

import org.bytedeco.javacpp.FloatPointer;
import org.latte4j.model.kernels.HostMemory.Address;

/**
 * One thread's working memory, grown on demand and kept: operations allocate nothing once warm.
 * What it holds between two uses is undefined.
 */
final class Scratch implements AutoCloseable {
  private static final int ARRAYS = 8;

  private final float[][] arrays = new float[ARRAYS][0];
  private final float[] lanes = new float[VectorMath.WIDTH];
  private final Address a = new Address();
  private final Address b = new Address();
  private final Address c = new Address();
  private FloatPointer block = new FloatPointer();
  private HostMemory memory = new HostMemory(0, 0, this);

  /** The array of a number below 8, at least {@code length} long. */
  float[] array(int number, int length) {
    if (arrays[number].length < length) {
      arrays[number] = new float[VectorMath.padded(length)];
    }
    return arrays[number];
  }

  /** Room for the lanes of one vector. */
  float[] lanes() {
    return lanes;
  }

  /** Off-heap floats, for what BLAS reads or writes; valid until the next call. */
  HostMemory offHeap(int length) {
    if (block.capacity() < length) {
      close();
      block = new FloatPointer(length);
      memory = new HostMemory(block.address(), length, block);
    }
    return memory;
  }

  /** Pointer for the left operand of a product, at an address. */
  Address a(long address) {
    return a.at(address);
  }

  /** Pointer for the right operand. */
  Address b(long address) {
    return b.at(address);
  }

  /** Pointer for the result. */
  Address c(long address) {
    return c.at(address);
  }

  @Override
  public void close() {
    block.deallocate();
    block = new FloatPointer();
  }
}
