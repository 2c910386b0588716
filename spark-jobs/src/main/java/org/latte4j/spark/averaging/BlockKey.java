package org.latte4j.spark.averaging;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Names what moves through the shuffle: one worker's values of one slice of one vector, or its
 * metrics.
 *
 * @param slice index of the slice, which is also the partition that the block goes to
 * @param content ordinal of the vector, or {@value #METRICS}
 * @param worker logical worker that emitted it
 */
record BlockKey(int slice, int content, int worker) {
  private static final int METRICS = -1;

  static BlockKey of(Slice slice, StateVector vector, int worker) {
    return new BlockKey(slice.index(), vector.ordinal(), worker);
  }

  /** Metrics travel with some slice, so that they reach the driver from the tasks that average. */
  static BlockKey metrics(int slice, int worker) {
    return new BlockKey(slice, METRICS, worker);
  }

  boolean isMetrics() {
    return content == METRICS;
  }

  StateVector vector() {
    return StateVector.values()[content];
  }

  static BlockKey readFrom(DataInputStream in) throws IOException {
    return new BlockKey(in.readInt(), in.readInt(), in.readInt());
  }

  void writeTo(ByteBuffer out) {
    out.putInt(slice).putInt(content).putInt(worker);
  }

  @Override
  public String toString() {
    return "slice %d, %s, worker %d"
        .formatted(slice, isMetrics() ? "metrics" : vector().name(), worker);
  }
}
