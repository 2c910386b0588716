package org.latte4j.model.weights;

import java.io.IOException;
import java.util.List;

/**
 * Named arrays that can be read one at a time: a safetensors file, a sharded set of them, or a
 * torch checkpoint.
 *
 * <p>Implementations read lazily; nothing but the names, types and shapes is held in memory. Safe
 * for use by one thread at a time.
 */
public interface WeightSource extends AutoCloseable {
  /** Where the weights come from, for messages: a path or a URI. */
  String description();

  /** Names in the order of the file. */
  List<String> names();

  /** Whether there is an array of this name. */
  default boolean contains(String name) {
    return names().contains(name);
  }

  /**
   * Sizes, outermost first; empty for a scalar.
   *
   * @throws IllegalArgumentException if there is no such array
   */
  int[] shape(String name);

  /**
   * How values are stored.
   *
   * @throws IllegalArgumentException if there is no such array
   */
  ElementType type(String name);

  /**
   * All values in row-major order as floats: half types are widened, F64 is rounded.
   *
   * @throws IllegalArgumentException if there is no such array
   * @throws WeightFormatException if the array holds whole numbers, has more values than a Java
   *     array holds, or its stored data is damaged
   */
  float[] floats(String name) throws IOException;

  /** As {@link #floats}, in double precision. */
  double[] doubles(String name) throws IOException;

  /** As {@link #floats}, for arrays of whole numbers or truth values (0 and 1). */
  long[] longs(String name) throws IOException;

  @Override
  void close() throws IOException;
}
