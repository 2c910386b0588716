package org.latte4j.spark.averaging;

import org.apache.spark.Partitioner;

/** Partition i owns slice i. */
final class SlicePartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int slices;

  SlicePartitioner(int slices) {
    this.slices = slices;
  }

  @Override
  public int numPartitions() {
    return slices;
  }

  @Override
  public int getPartition(Object key) {
    return ((BlockKey) key).slice();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlicePartitioner partitioner && slices == partitioner.slices;
  }

  @Override
  public int hashCode() {
    return slices;
  }
}
