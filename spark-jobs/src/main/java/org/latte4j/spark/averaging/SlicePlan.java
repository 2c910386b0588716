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
   * A plan for so many workers: slices of about the same size, of about {@link #TARGET_BYTES} at
   * most; twice as many as workers, or a multiple of that, unless the model is too small. So
   * executors share the averaging evenly, in few tasks.
   */
  public static SlicePlan forWorkers(List<ParameterTensor> tensors, int workers) {
    long length = totalLength(tensors);
    long bytes = length * Float.BYTES;
    long most = Math.max(1, bytes / SMALLEST_TARGET_BYTES);
    long step = 2L * workers;
    long count = Math.min(most, (bytes + TARGET_BYTES * step - 1) / (TARGET_BYTES * step) * step);
    return balanced(tensors, length, count);
  }

  /** Cuts at the tensor boundaries next to equal shares. */
  private static SlicePlan balanced(List<ParameterTensor> tensors, long length, long count) {
    List<Slice> slices = new ArrayList<>();
    long offset = 0;
    long end = 0;
    int first = 0;
    for (int i = 0; i < tensors.size(); i++) {
      end += tensors.get(i).length();
      boolean last = i == tensors.size() - 1;
      long next = last ? 0 : tensors.get(i + 1).length();
      long share = length * (slices.size() + 1) / count;
      boolean nearest = end >= share || share - end <= end + next - share;
      if (last || nearest || end + next - offset > LONGEST_SLICE) {
        slices.add(new Slice(slices.size(), offset, (int) (end - offset), first, i + 1 - first));
        offset = end;
        first = i + 1;
      }
    }
    return new SlicePlan(List.copyOf(tensors), List.copyOf(slices));
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
