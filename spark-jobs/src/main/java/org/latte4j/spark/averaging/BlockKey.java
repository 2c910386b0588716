package org.latte4j.spark.averaging;

import java.io.Serializable;

/**
 * Names what moves through the shuffle: one worker's values of one slice of one vector, or its
 * metrics. Keys sort by slice, then metrics before vectors, then vector, then worker.
 *
 * <p>Not a record: Kryo, if a user makes it Spark's serialiser, cannot write records.
 */
final class BlockKey implements Serializable, Comparable<BlockKey> {
  private static final long serialVersionUID = 1L;
  private static final int METRICS = -1;
  private static final int ALL_WORKERS = -1;

  private final int slice;
  private final int content;
  private final int worker;

  private BlockKey(int slice, int content, int worker) {
    this.slice = slice;
    this.content = content;
    this.worker = worker;
  }

  static BlockKey of(Slice slice, StateVector vector, int worker) {
    return new BlockKey(slice.index(), vector.ordinal(), worker);
  }

  /** The averaged values. */
  static BlockKey averaged(Slice slice, StateVector vector) {
    return new BlockKey(slice.index(), vector.ordinal(), ALL_WORKERS);
  }

  /** Metrics travel with some slice, so that they reach the driver from the tasks that average. */
  static BlockKey metrics(int slice, int worker) {
    return new BlockKey(slice, METRICS, worker);
  }

  int slice() {
    return slice;
  }

  int worker() {
    return worker;
  }

  boolean isMetrics() {
    return content == METRICS;
  }

  StateVector vector() {
    return StateVector.values()[content];
  }

  @Override
  public int compareTo(BlockKey other) {
    int order = Integer.compare(slice, other.slice);
    if (order == 0) {
      order = Integer.compare(content, other.content);
    }
    return order != 0 ? order : Integer.compare(worker, other.worker);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockKey key && compareTo(key) == 0;
  }

  @Override
  public int hashCode() {
    return (slice * 31 + content) * 31 + worker;
  }

  @Override
  public String toString() {
    return "slice %d, %s, worker %d"
        .formatted(slice, isMetrics() ? "metrics" : vector().name(), worker);
  }
}
