package org.latte4j.model.kernels;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Off-heap floats that Java code copies from and to, and that BLAS reads by address.
 *
 * <p>A Java buffer holds less than 2^29 floats. Longer memory is covered by buffers that begin
 * every 2^28 floats and overlap, so that any run of up to 2^28 floats lies inside one of them.
 */
final class HostMemory {
  private static final int SPACING_BITS = 28;
  private static final long SPACING = 1L << SPACING_BITS;
  private static final long LONGEST_BUFFER = Integer.MAX_VALUE / Float.BYTES;

  private final long address;
  private final FloatBuffer[] buffers;

  /** Whatever keeps the memory alive. */
  private final Object owner;

  /**
   * Over memory that {@code owner} keeps alive.
   *
   * @param address of the first float, in bytes
   * @param length in floats
   */
  HostMemory(long address, long length, Object owner) {
    this.address = address;
    this.owner = owner;
    this.buffers = new FloatBuffer[(int) ((length + SPACING - 1) / SPACING)];
    for (int i = 0; i < buffers.length; i++) {
      long start = i * SPACING;
      FloatPointer part = new Address().at(address + start * Float.BYTES);
      part.capacity(Math.min(length - start, LONGEST_BUFFER));
      buffers[i] = part.asBuffer();
    }
  }

  /** Address in bytes of the float at an index. */
  long address(long at) {
    return address + at * Float.BYTES;
  }

  Object owner() {
    return owner;
  }

  float get(long at) {
    return buffers[(int) (at >>> SPACING_BITS)].get((int) (at & (SPACING - 1)));
  }

  void read(long at, float[] to, int toIndex, int length) {
    buffers[(int) (at >>> SPACING_BITS)].get((int) (at & (SPACING - 1)), to, toIndex, length);
  }

  void write(long at, float[] from, int fromIndex, int length) {
    buffers[(int) (at >>> SPACING_BITS)].put((int) (at & (SPACING - 1)), from, fromIndex, length);
  }

  /** A pointer that can be moved to any address, so that calls of BLAS allocate nothing. */
  static final class Address extends FloatPointer {
    Address() {
      super((Pointer) null);
    }

    Address at(long newAddress) {
      this.address = newAddress;
      return this;
    }
  }
}
