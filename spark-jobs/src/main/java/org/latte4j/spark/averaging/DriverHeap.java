package org.latte4j.spark.averaging;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** Watches how far this JVM's heap fills up, garbage included. */
final class DriverHeap {
  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();

  private DriverHeap() {}

  /** Clears the heap of garbage and watches it from now on. */
  static DriverHeap watch() {
    DriverHeap heap = new DriverHeap();
    System.gc();
    heap.pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    return heap;
  }

  /** Bytes in use at most: the sum of the pools' peaks, which may lie apart in time. */
  long peak() {
    return pools.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }
}
