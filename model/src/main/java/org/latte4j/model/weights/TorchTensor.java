package org.latte4j.model.weights;

/**
 * A tensor as a torch pickle describes it: a strided view of a storage.
 *
 * <p>Strides and offset count values, not bytes.
 */
final class TorchTensor {
  private final Storage storage;
  private final long offset;
  private final int[] shape;
  private final long[] strides;
  private final int length;

  /**
   * Checks that the view lies inside its storage.
   *
   * @throws IllegalArgumentException if it does not, or is too large for a Java array
   */
  TorchTensor(Storage storage, long offset, long[] sizes, long[] strides) {
    if (sizes.length != strides.length) {
      throw new IllegalArgumentException(
          "a tensor with " + sizes.length + " sizes and " + strides.length + " strides");
    }
    this.storage = storage;
    this.offset = offset;
    this.strides = strides.clone();
    this.shape = new int[sizes.length];
    long count = 1;
    long last = offset;
    try {
      for (int i = 0; i < shape.length; i++) {
        shape[i] = Math.toIntExact(sizes[i]);
        if (shape[i] < 0 || strides[i] < 0) {
          throw new IllegalArgumentException("a tensor with a negative size or stride");
        }
        count = Math.multiplyExact(count, sizes[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, sizes[i] - 1), strides[i]));
      }
      this.length = Math.toIntExact(count);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("a tensor with more values than a Java array holds", e);
    }
    if (offset < 0 || (length > 0 && last >= storage.length())) {
      throw new IllegalArgumentException(
          "a tensor that reaches to value %d of storage %s, which has %d"
              .formatted(last, storage.key(), storage.length()));
    }
  }

  /**
   * A run of values that tensors share.
   *
   * @param type how values are stored
   * @param key name of its entry in the archive
   * @param length number of values
   */
  record Storage(ElementType type, String key, long length) {}

  Storage storage() {
    return storage;
  }

  /** First value of the view in the storage. */
  long offset() {
    return offset;
  }

  int[] shape() {
    return shape.clone();
  }

  /** Number of values. */
  int length() {
    return length;
  }

  /** Whether the values lie in the storage as a row-major array does. */
  boolean isContiguous() {
    long expected = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] != 1 && strides[i] != expected) {
        return length == 0;
      }
      expected *= shape[i];
    }
    return true;
  }

  /** Number of stored values from the first of the view to its last, both included. */
  long span() {
    long span = 1;
    for (int i = 0; i < shape.length; i++) {
      span += (shape[i] - 1) * strides[i];
    }
    return length == 0 ? 0 : span;
  }

  /**
   * Brings the values into row-major order.
   *
   * @param stored bytes of the {@link #span()}
   */
  byte[] gather(byte[] stored) {
    int bytes = storage.type().bytes();
    byte[] out = new byte[Math.multiplyExact(length, bytes)];
    int[] index = new int[shape.length];
    long position = 0;
    for (int i = 0; i < length; i++) {
      System.arraycopy(stored, (int) (position * bytes), out, i * bytes, bytes);
      for (int d = shape.length - 1; d >= 0; d--) {
        position += strides[d];
        if (++index[d] < shape[d]) {
          break;
        }
        position -= shape[d] * strides[d];
        index[d] = 0;
      }
    }
    return out;
  }
}
