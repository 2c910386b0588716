package org.latte4j.spark.averaging;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.BlockManagerId;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;

/**
 * An RDD with one partition a worker, each of which yields every element of the parent.
 *
 * <p>The dependency is narrow, on all of the parent's partitions: a task reads the parent's cached
 * partitions from whichever executors hold them, with no shuffle, no broadcast and nothing passing
 * through the driver. Worker w begins at the parent's partition w, so that workers do not all ask
 * the same executor first.
 *
 * @param <T> the parent's elements
 */
final class AllGatherRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1L;

  private final int workers;

  AllGatherRdd(RDD<T> parent, int workers, ClassTag<T> tag) {
    super(parent.context(), sequence(List.<Dependency<?>>of(new OnEveryPartition<>(parent))), tag);
    this.workers = workers;
  }

  @Override
  public Partition[] getPartitions() {
    Partition[] gathered = parent().partitions();
    return IntStream.range(0, workers)
        .mapToObj(worker -> new WorkerPartition(worker, gathered))
        .toArray(Partition[]::new);
  }

  @Override
  public scala.collection.Iterator<T> compute(Partition split, TaskContext context) {
    WorkerPartition worker = (WorkerPartition) split;
    RDD<T> parent = parent();
    int count = worker.gathered.length;
    return JavaConverters.asScalaIterator(
        new Iterator<T>() {
          private int opened;
          private scala.collection.Iterator<T> elements = open();

          @Override
          public boolean hasNext() {
            while (!elements.hasNext() && opened < count) {
              elements = open();
            }
            return elements.hasNext();
          }

          @Override
          public T next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return elements.next();
          }

          private scala.collection.Iterator<T> open() {
            return parent.iterator(worker.gathered[(worker.index + opened++) % count], context);
          }
        });
  }

  /**
   * Spreads workers over executors, the same worker on the same one as long as executors last.
   * Without this Spark would want every worker beside the parent's first partition.
   */
  @Override
  public Seq<String> getPreferredLocations(Partition split) {
    List<BlockManagerId> executors =
        JavaConverters.asJavaCollection(
                SparkEnv.get().blockManager().master().getMemoryStatus().keys().toSeq())
            .stream()
            .filter(executor -> !executor.isDriver())
            .sorted(Comparator.comparing(BlockManagerId::executorId))
            .toList();
    if (executors.isEmpty()) {
      return sequence(List.of());
    }
    BlockManagerId executor = executors.get(split.index() % executors.size());
    return sequence(List.of("executor_%s_%s".formatted(executor.host(), executor.executorId())));
  }

  @SuppressWarnings("unchecked")
  private RDD<T> parent() {
    return (RDD<T>) dependencies().head().rdd();
  }

  private static <E> Seq<E> sequence(List<E> list) {
    return JavaConverters.asScalaBuffer(list).toSeq();
  }

  private static final class OnEveryPartition<T> extends NarrowDependency<T> {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    OnEveryPartition(RDD<T> parent) {
      super(parent);
      partitions = parent.getNumPartitions();
    }

    @Override
    public Seq<Object> getParents(int partition) {
      return sequence(IntStream.range(0, partitions).<Object>mapToObj(i -> i).toList());
    }
  }

  private static final class WorkerPartition implements Partition {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final Partition[] gathered;

    WorkerPartition(int index, Partition[] gathered) {
      this.index = index;
      this.gathered = gathered;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof WorkerPartition partition
          && index == partition.index
          && Arrays.equals(gathered, partition.gathered);
    }

    @Override
    public int hashCode() {
      return index;
    }
  }
}
