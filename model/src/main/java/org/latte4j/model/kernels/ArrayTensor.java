package org.latte4j.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A tensor of {@link PortableKernels}: a contiguous, row-major ND4J array. */
final class ArrayTensor extends ShapedTensor<ArrayTensor> {
  private final INDArray array;

  /**
   * Over an array's storage.
   *
   * @param array contiguous, row-major, as long as {@code shape} says
   */
  ArrayTensor(INDArray array, int... shape) {
    super(shape);
    this.array = view(array, 0, shape);
  }

  /** The values, in this tensor's shape; writes go through. */
  INDArray array() {
    return array;
  }

  @Override
  ArrayTensor view(long offset, int... shape) {
    return new ArrayTensor(view(array, offset, shape), shape);
  }

  private static INDArray view(INDArray array, long offset, int... shape) {
    long[] sizes = new long[shape.length];
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      sizes[i] = shape[i];
      strides[i] = stride;
      stride *= shape[i];
    }
    return Nd4j.create(array.data(), sizes, strides, array.offset() + offset, 'c');
  }
}
