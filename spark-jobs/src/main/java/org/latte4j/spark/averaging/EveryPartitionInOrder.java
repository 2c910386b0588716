package org.latte4j.spark.averaging;

import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Gives each of several tasks every partition of an RDD, the first one first. Partitions are
 * streamed from wherever they are cached; a task holds one at a time.
 */
final class EveryPartitionInOrder implements PartitionCoalescer, scala.Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public PartitionGroup[] coalesce(int tasks, RDD<?> parent) {
    Partition[] partitions = parent.partitions();
    return IntStream.range(0, tasks)
        .mapToObj(task -> group(partitions))
        .toArray(PartitionGroup[]::new);
  }

  private static PartitionGroup group(Partition[] partitions) {
    PartitionGroup group = new PartitionGroup(Option.empty());
    for (Partition partition : partitions) {
      group.partitions().$plus$eq(partition);
    }
    return group;
  }
}
