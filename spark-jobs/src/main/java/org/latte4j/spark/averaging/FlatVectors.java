package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;

/** Vectors outside the heap, as those of a network are, and no network. */
final class FlatVectors implements Replica {
  private final Map<StateVector, FloatPointer> pointers = new EnumMap<>(StateVector.class);

  /**
   * @param length floats of each vector
   */
  FlatVectors(long length, Set<StateVector> vectors) {
    vectors.forEach(vector -> pointers.put(vector, new FloatPointer(length)));
  }

  @Override
  public void load(StateVector vector, long offset, FloatBuffer values) {
    part(vector, offset, values.remaining()).put(values);
  }

  @Override
  public void store(StateVector vector, long offset, FloatBuffer into) {
    into.put(part(vector, offset, into.remaining()));
  }

  private FloatBuffer part(StateVector vector, long offset, int length) {
    return pointers.get(vector).getPointer(offset).capacity(length).asBuffer();
  }

  @Override
  public void close() {
    pointers.values().forEach(FloatPointer::deallocate);
  }
}
