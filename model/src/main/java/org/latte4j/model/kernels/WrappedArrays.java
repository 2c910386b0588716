package org.latte4j.model.kernels;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Decides which ND4J arrays can be seen as tensors without copying. */
final class WrappedArrays {
  private WrappedArrays() {}

  /**
   * The shape of the tensor over an array.
   *
   * @throws IllegalArgumentException if the array has another type or is not contiguous and
   *     row-major
   */
  static int[] shapeOf(INDArray array, DataType type) {
    if (array.dataType() != type) {
      throw new IllegalArgumentException(
          "an array of type %s cannot be wrapped by kernels of type %s"
              .formatted(array.dataType(), type));
    }
    long[] shape = array.shape();
    long[] strides = array.stride();
    long dense = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] != 1 && strides[i] != dense) {
        throw new IllegalArgumentException(
            "an array of shape %s with strides %s is not contiguous and row-major; dup('c') it first"
                .formatted(Arrays.toString(shape), Arrays.toString(strides)));
      }
      dense *= shape[i];
    }
    return shape.length == 0
        ? new int[] {1}
        : Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }
}
