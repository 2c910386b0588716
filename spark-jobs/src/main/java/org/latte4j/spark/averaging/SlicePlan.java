package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How the state's vectors are cut into slices. Every vector is cut at the same places, always
 * between tensors, so that a slice can be written to a weight file by the task that owns it.
 *
 * <p>The plan has no influence on the values: averaging is element by element.
 */
public final class SlicePlan implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bytes of a slice, unless a single tensor is larger. */
  public static final int TARGET_BYTES = 32 << 20;

  /** Most values in a slice: a Java array of as many bytes. */
  static final int LONGEST_SLICE = (Integer.MAX_VALUE - 64) / Float.BYTES;

  /** Below this a slice costs more in tasks than it gains in balance. */
  private static final int SMALLEST_TARGET_BYTES = 64 << 10;

  private final List<ParameterTensor> tensors;
  private final List<Slice> slices;

  private SlicePlan(List<ParameterTensor> tensors, List<Slice> slices) {
    this.tensors = tensors;
    this.slices = slices;
  }

  /**
   * A plan for so many workers: slices of at most {@link #TARGET_BYTES}, and at least four a worker
   * where the model is large enough for that, so that averaging is spread over all executors.
   */
  public static SlicePlan forWorkers(List<ParameterTensor> tensors, int workers) {
    long bytes = totalLength(tensors) * Float.BYTES;
    long target = Math.max(SMALLEST_TARGET_BYTES, (bytes + 4L * workers - 1) / (4L * workers));
    return withTarget(tensors, (int) Math.min(TARGET_BYTES, target));
  }

  /**
   * Cuts between tensors so that no slice exceeds {@code targetBytes}; a tensor larger than that
   * forms a slice of its own.
   */
  public static SlicePlan withTarget(List<ParameterTensor> tensors, int targetBytes) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException("a model without parameters cannot be cut into slices");
    }
    if (targetBytes < Float.BYTES) {
      throw new IllegalArgumentException("slices need at least 4 bytes, not " + targetBytes);
    }
    List<Slice> slices = new ArrayList<>();
    long offset = 0;
    int length = 0;
    int first = 0;
    for (int i = 0; i < tensors.size(); i++) {
      int next = tensors.get(i).length();
      if (length > 0 && ((long) length + next) * Float.BYTES > targetBytes) {
        slices.add(new Slice(slices.size(), offset, length, first, i - first));
        offset += length;
        length = 0;
        first = i;
      }
      length += next;
    }
    slices.add(new Slice(slices.size(), offset, length, first, tensors.size() - first));
    return new SlicePlan(List.copyOf(tensors), List.copyOf(slices));
  }

  /** The tensors of a vector, in its order. */
  public List<ParameterTensor> tensors() {
    return tensors;
  }

  /** The slices, in the vector's order. */
  public List<Slice> slices() {
    return slices;
  }

  /** The tensors of one slice. */
  public List<ParameterTensor> tensorsOf(Slice slice) {
    return tensors.subList(slice.firstTensor(), slice.firstTensor() + slice.tensors());
  }

  /** Values in a vector: the number of trainable parameters. */
  public long length() {
    Slice last = slices.get(slices.size() - 1);
    return last.offset() + last.length();
  }

  private static long totalLength(List<ParameterTensor> tensors) {
    return tensors.stream().mapToLong(ParameterTensor::length).sum();
  }
}
