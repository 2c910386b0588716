package org.latte4j.model.kernels;

import java.util.Arrays;

/**
 * What the tensors of every implementation share: sizes, and views by offset.
 *
 * @param <T> the implementation's own type
 */
abstract class ShapedTensor<T extends ShapedTensor<T>> implements Tensor {
  private final int[] shape;
  private final long length;

  ShapedTensor(int... shape) {
    this.shape = shape.clone();
    this.length = lengthOf(shape);
  }

  /** Number of values of a shape; refuses an empty shape and sizes below one. */
  static long lengthOf(int... shape) {
    if (shape.length == 0) {
      throw new IllegalArgumentException("a tensor needs at least one dimension");
    }
    long length = 1;
    for (int size : shape) {
      if (size < 1) {
        throw new IllegalArgumentException("sizes must be positive, not " + Arrays.toString(shape));
      }
      length = Math.multiplyExact(length, size);
    }
    return length;
  }

  /** {@code shape} values from {@code offset} values after this tensor's start, unchecked. */
  abstract T view(long offset, int... shape);

  @Override
  public final int[] shape() {
    return shape.clone();
  }

  final int rank() {
    return shape.length;
  }

  @Override
  public final int size(int dimension) {
    return shape[dimension];
  }

  @Override
  public final long length() {
    return length;
  }

  @Override
  public final T reshape(int... newShape) {
    if (lengthOf(newShape) != length) {
      throw new IllegalArgumentException(
          "a tensor of shape %s has %d values and cannot take the shape %s"
              .formatted(this, length, Arrays.toString(newShape)));
    }
    return view(0, newShape);
  }

  @Override
  public final T slice(long offset, int... partShape) {
    long partLength = lengthOf(partShape);
    if (offset < 0 || offset > length - partLength) {
      throw new IllegalArgumentException(
          "a part of shape %s at offset %d does not lie inside a tensor of shape %s (%d values)"
              .formatted(Arrays.toString(partShape), offset, this, length));
    }
    return view(offset, partShape);
  }

  /** The shape, for messages: {@code [2, 3]}. */
  @Override
  public final String toString() {
    return Arrays.toString(shape);
  }
}
