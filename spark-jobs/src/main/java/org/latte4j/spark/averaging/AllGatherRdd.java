package org.latte4j.spark.averaging;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * An RDD with one partition a worker, each of which yields every partition of the averaged state:
 * its index and its elements, which must be read before the next partition is asked for. What the
 * worker keeps for itself comes last, under the index {@value #OWN}.
 *
 * <p>The dependency is narrow, on all of the parent's partitions: a task reads the parent's stored
 * partitions from whichever executors hold them, with no shuffle, no broadcast and nothing passing
 * through the driver. Workers begin at different partitions, so that they do not all ask the same
 * executor at once.
 */
final class AllGatherRdd extends RDD<Tuple2<Integer, Iterator<byte[]>>> {
  private static final long serialVersionUID = 1L;

  /** Stands for the partition with the worker's own state. */
  static final int OWN = -1;

  private final int workers;
  private final Partition[] gathered;
  private final Partition[] kept;

  /**
   * @param parent the averaged state
   * @param own what each worker keeps for itself, a partition a worker; if they keep anything
   */
  AllGatherRdd(RDD<byte[]> parent, Optional<RDD<byte[]>> own, int workers) {
    super(
        parent.context(),
        sequence(dependencies(parent, own)),
        ClassTag$.MODULE$.apply(Tuple2.class));
    this.workers = workers;
    this.gathered = parent.partitions();
    this.kept = own.map(RDD::partitions).orElse(new Partition[0]);
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
    int count = gathered.length;
    int first = (int) ((long) split.index() * count / workers);
    Stream<Tuple2<Integer, Iterator<byte[]>>> averaged =
        IntStream.range(first, first + count)
            .map(partition -> partition % count)
            .mapToObj(partition -> partition(0, partition, gathered[partition], context));
    Stream<Tuple2<Integer, Iterator<byte[]>>> own =
        kept.length == 0
            ? Stream.empty()
            : Stream.of(split.index()).map(worker -> partition(1, OWN, kept[worker], context));
    return JavaConverters.asScalaIterator(Stream.concat(averaged, own).iterator());
  }

  private Tuple2<Integer, Iterator<byte[]>> partition(
      int dependency, int index, Partition partition, TaskContext context) {
    @SuppressWarnings("unchecked")
    RDD<byte[]> parent = (RDD<byte[]>) dependencies().apply(dependency).rdd();
    return new Tuple2<>(index, JavaConverters.asJavaIterator(parent.iterator(partition, context)));
  }

  private static List<Dependency<?>> dependencies(RDD<byte[]> averaged, Optional<RDD<byte[]>> own) {
    List<Dependency<?>> dependencies = new ArrayList<>();
    dependencies.add(new OnEveryPartition(averaged));
    own.ifPresent(kept -> dependencies.add(new OneToOneDependency<>(kept)));
    return dependencies;
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
