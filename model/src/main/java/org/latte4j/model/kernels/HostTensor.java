package org.latte4j.model.kernels;

/** A tensor of {@link VectorKernels}: a part of {@link HostMemory}. */
final class HostTensor extends ShapedTensor<HostTensor> {
  private final HostMemory memory;
  private final long offset;

  HostTensor(HostMemory memory, long offset, int... shape) {
    super(shape);
    this.memory = memory;
    this.offset = offset;
  }

  @Override
  HostTensor view(long viewOffset, int... shape) {
    return new HostTensor(memory, offset + viewOffset, shape);
  }

  /** Address in bytes of the value at an index. */
  long address(long at) {
    return memory.address(offset + at);
  }

  float get(long at) {
    return memory.get(offset + at);
  }

  void read(long at, float[] to, int toIndex, int count) {
    memory.read(offset + at, to, toIndex, count);
  }

  void write(long at, float[] from, int fromIndex, int count) {
    memory.write(offset + at, from, fromIndex, count);
  }

  /** Reads neighbouring rows of a matrix; in the array they begin {@code spacing} apart. */
  void readRows(long firstRow, int rows, int width, int spacing, float[] to) {
    if (spacing == width) {
      read(firstRow * width, to, 0, rows * width);
      return;
    }
    for (int r = 0; r < rows; r++) {
      read((firstRow + r) * width, to, r * spacing, width);
    }
  }

  /** The opposite of {@link #readRows}. */
  void writeRows(long firstRow, int rows, int width, int spacing, float[] from) {
    if (spacing == width) {
      write(firstRow * width, from, 0, rows * width);
      return;
    }
    for (int r = 0; r < rows; r++) {
      write((firstRow + r) * width, from, r * spacing, width);
    }
  }
}
