package org.latte4j.spark.averaging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.EnumSet;
import java.util.Iterator;

/** One vector out of the elements of all partitions of the state, in their order. */
final class StreamedVector implements Iterator<FloatBuffer> {
  private final StateVector vector;
  private final EnumSet<StateVector> stored;
  private final Iterator<Slice> slices;
  private final Iterator<byte[]> elements;

  /**
   * @param vector one of those stored
   * @param stored what each partition holds
   * @param elements of each partition: metrics, then the pieces of each vector
   */
  StreamedVector(
      StateVector vector, EnumSet<StateVector> stored, SlicePlan plan, Iterator<byte[]> elements) {
    this.vector = vector;
    this.stored = stored;
    this.slices = plan.slices().iterator();
    this.elements = elements;
  }

  @Override
  public boolean hasNext() {
    return slices.hasNext();
  }

  @Override
  public FloatBuffer next() {
    Slice slice = slices.next();
    ByteBuffer whole = ByteBuffer.allocate(slice.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    elements.next(); // Metrics.
    for (StateVector next : stored) {
      for (int piece = 0; piece < Pieces.count(slice); piece++) {
        byte[] bytes = elements.next();
        if (next == vector) {
          whole.put(bytes);
        }
      }
    }
    return whole.flip().asFloatBuffer();
  }

  /** Reads on to the end, where what partitions were read from is closed. */
  void finish() {
    elements.forEachRemaining(none -> {});
  }
}
