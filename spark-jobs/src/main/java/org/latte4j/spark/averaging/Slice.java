package org.latte4j.spark.averaging;

import java.io.Serializable;

/**
 * A run of whole tensors in a state vector.
 *
 * @param index position in the plan, from 0; also the partition that owns the slice
 * @param offset first value of the slice in the flat vector, in floats
 * @param length values in the slice
 * @param firstTensor position of its first tensor in the plan's list
 * @param tensors number of tensors
 */
public record Slice(int index, long offset, int length, int firstTensor, int tensors)
    implements Serializable {
  /** Bytes of one vector's slice. */
  public int bytes() {
    return length * Float.BYTES;
  }
}
