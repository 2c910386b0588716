package org.latte4j.spark.averaging;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A partition that would like to be computed on a certain executor: partition i on executor i
 * modulo their number. So workers and slices are spread evenly, and stay where they were in the
 * round before as long as executors last. It is a wish: no task waits for it.
 */
final class Placement implements Partition {
  private static final long serialVersionUID = 1L;

  private final int index;
  private final String executor;

  private Placement(int index, String executor) {
    this.index = index;
    this.executor = executor;
  }

  /** As many partitions, spread over the executors that there are now. Driver only. */
  static Partition[] partitions(int count) {
    List<String> executors =
        JavaConverters.asJavaCollection(
                SparkEnv.get().blockManager().master().getMemoryStatus().keys().toSeq())
            .stream()
            .filter(executor -> !executor.isDriver())
            .sorted(Comparator.comparing(BlockManagerId::executorId))
            .map(id -> "executor_%s_%s".formatted(id.host(), id.executorId()))
            .toList();
    return IntStream.range(0, count)
        .mapToObj(
            index ->
                new Placement(
                    index, executors.isEmpty() ? "" : executors.get(index % executors.size())))
        .toArray(Partition[]::new);
  }

  @Override
  public int index() {
    return index;
  }

  Seq<String> preferred() {
    List<String> preferred = executor.isEmpty() ? List.of() : List.of(executor);
    return JavaConverters.asScalaBuffer(preferred).toSeq();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Placement placement && index == placement.index;
  }

  @Override
  public int hashCode() {
    return index;
  }
}
