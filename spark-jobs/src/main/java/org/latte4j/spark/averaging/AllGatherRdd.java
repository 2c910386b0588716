package org.latte4j.spark.averaging;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * An RDD with one partition a worker, each of which yields every partition of the state: its index
 * and its elements, which must be read before the next partition is asked for.
 *
 * <p>The dependency is narrow, on all of the parent's partitions: a task reads the parent's stored
 * partitions from whichever executors hold them, with no shuffle, no broadcast and nothing passing
 * through the driver. Workers begin at different partitions, so that they do not all ask the same
 * executor at once.
 */
final class AllGatherRdd extends RDD<Tuple2<Integer, Iterator<byte[]>>> {
  private static final long serialVersionUID = 1L;

  private final int workers;
  private final Partition[] gathered;

  AllGatherRdd(RDD<byte[]> parent, int workers) {
    super(
        parent.context(),
        sequence(List.<Dependency<?>>of(new OnEveryPartition(parent))),
        ClassTag$.MODULE$.apply(Tuple2.class));
    this.workers = workers;
    this.gathered = parent.partitions();
  }

  @Override
  public Partition[] getPartitions() {
    return Placement.partitions(workers);
  }

  @Override
  public Seq<String> getPreferredLocations(Partition split) {
    return ((Placement) split).preferred();
  }

  @Override
  public scala.collection.Iterator<Tuple2<Integer, Iterator<byte[]>>> compute(
      Partition split, TaskContext context) {
    @SuppressWarnings("unchecked")
    RDD<byte[]> parent = (RDD<byte[]>) dependencies().head().rdd();
    int count = gathered.length;
    int first = (int) ((long) split.index() * count / workers);
    return JavaConverters.asScalaIterator(
        IntStream.range(first, first + count)
            .map(partition -> partition % count)
            .mapToObj(
                partition ->
                    new Tuple2<>(
                        partition,
                        JavaConverters.asJavaIterator(
                            parent.iterator(gathered[partition], context))))
            .iterator());
  }

  private static <E> Seq<E> sequence(List<E> list) {
    return JavaConverters.asScalaBuffer(list).toSeq();
  }

  private static final class OnEveryPartition extends NarrowDependency<byte[]> {
    private static final long serialVersionUID = 1L;

    private final int partitions;

    OnEveryPartition(RDD<byte[]> parent) {
      super(parent);
      partitions = parent.getNumPartitions();
    }

    @Override
    public Seq<Object> getParents(int partition) {
      return sequence(IntStream.range(0, partitions).<Object>mapToObj(i -> i).toList());
    }
  }
}
