package org.latte4j.model.training;

import java.nio.FloatBuffer;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.parameters.FlatLayout;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Host access to one of a trainer's flat vectors, piece by piece, wherever its storage is. Valid as
 * long as the trainer; not thread-safe.
 */
public final class FlatVector {
  private static final int PIECE = 1 << 16;

  private final Kernels kernels;
  private final Tensor values;
  private final float[] piece = new float[PIECE];

  /**
   * Access to a vector.
   *
   * @param kernels that work on it, and stay the caller's
   */
  public FlatVector(Kernels kernels, INDArray vector) {
    this.kernels = kernels;
    this.values = kernels.wrap(vector);
  }

  /** Number of values. */
  public long length() {
    return values.length();
  }

  /** Overwrites values from {@code offset} on with all that remain in {@code from}. */
  public void write(long offset, FloatBuffer from) {
    long at = offset;
    while (from.hasRemaining()) {
      float[] part = part(from.remaining());
      from.get(part);
      kernels.upload(part, values.slice(at, part.length));
      at += part.length;
    }
  }

  /** Sets every value to what the parameters of a network begin as under a seed. */
  public void initialise(FlatLayout layout, long seed) {
    for (FlatLayout.Parameter parameter : layout.parameters()) {
      write(parameter.offset(), FloatBuffer.wrap(parameter.initialValues(seed)));
    }
  }

  /** Fills {@code into} with the values from {@code offset} on. */
  public void read(long offset, FloatBuffer into) {
    long at = offset;
    while (into.hasRemaining()) {
      float[] part = part(into.remaining());
      kernels.download(values.slice(at, part.length), part);
      into.put(part);
      at += part.length;
    }
  }

  private float[] part(int remaining) {
    return remaining >= PIECE ? piece : new float[remaining];
  }
}
