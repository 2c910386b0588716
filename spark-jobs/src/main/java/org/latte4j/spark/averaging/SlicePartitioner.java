package org.latte4j.spark.averaging;

import java.util.EnumSet;
import org.apache.spark.Partitioner;

/**
 * Partition i owns slice i; behind those lies one partition a worker, with what the worker keeps
 * for itself.
 */
final class SlicePartitioner extends Partitioner {
  private static final long serialVersionUID = 1L;

  private final int slices;
  private final EnumSet<StateVector> own;
  private final int workers;

  /**
   * @param own vectors that workers keep; may be empty
   */
  SlicePartitioner(int slices, EnumSet<StateVector> own, int workers) {
    this.slices = slices;
    this.own = own;
    this.workers = workers;
  }

  /** Where worker's own state goes. */
  static int ownPartition(SlicePlan plan, int worker) {
    return plan.slices().size() + worker;
  }

  @Override
  public int numPartitions() {
    return own.isEmpty() ? slices : slices + workers;
  }

  @Override
  public int getPartition(Object key) {
    BlockKey block = (BlockKey) key;
    boolean kept = !block.isMetrics() && own.contains(block.vector());
    return kept ? slices + block.worker() : block.slice();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlicePartitioner partitioner
        && slices == partitioner.slices
        && workers == partitioner.workers
        && own.equals(partitioner.own);
  }

  @Override
  public int hashCode() {
    return slices;
  }
}
