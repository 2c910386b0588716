package org.latte4j.model.kernels;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Owns ND4J arrays outside every workspace and frees them at once. */
final class PortableArena implements Arena {
  private final DataType type;
  private final List<INDArray> arrays = new ArrayList<>();
  private long bytes;
  private boolean closed;

  PortableArena(DataType type) {
    this.type = type;
  }

  @Override
  public ArrayTensor allocate(int... shape) {
    if (closed) {
      throw new IllegalStateException("this arena is closed and allocates no more");
    }
    long length = ShapedTensor.lengthOf(shape);
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      INDArray array = Nd4j.create(type, length);
      arrays.add(array);
      bytes += length * type.width();
      return new ArrayTensor(array, shape);
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    closed = true;
    arrays.forEach(INDArray::close);
    arrays.clear();
    bytes = 0;
  }
}
