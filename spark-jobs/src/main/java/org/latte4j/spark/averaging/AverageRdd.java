package org.latte4j.spark.averaging;

import java.util.EnumSet;
import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.shuffle.ShuffleWriteProcessor;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The averaged state: partition i reads slice i of every worker out of a shuffle and averages it.
 *
 * <p>Map output w is worker w's, so that reading outputs one by one gives worker order: no sorting,
 * and a task holds pieces of slices, never slices.
 */
final class AverageRdd extends RDD<byte[]> {
  private static final long serialVersionUID = 1L;

  private final SlicePlan plan;
  private final EnumSet<StateVector> vectors;
  private final int workers;
  private final int shuffle;
  private final ActivityReport activities;

  /**
   * @param shuffle of what the workers emit
   * @param vectors that are averaged
   * @param activities tells the driver what the tasks are doing
   */
  AverageRdd(
      ShuffleDependency<BlockKey, EmittedBlock, EmittedBlock> shuffle,
      SlicePlan plan,
      EnumSet<StateVector> vectors,
      ActivityReport activities) {
    super(
        shuffle.rdd().context(),
        JavaConverters.asScalaBuffer(List.<Dependency<?>>of(shuffle)).toSeq(),
        TrainingState.BYTES);
    this.plan = plan;
    this.vectors = vectors;
    this.workers = shuffle.rdd().getNumPartitions();
    this.shuffle = shuffle.shuffleId();
    this.activities = activities;
  }

  /**
   * Brings the blocks of a slice together, and those that a worker keeps for itself.
   *
   * @param emitted partition w holds what worker w emits
   * @param own vectors that workers keep; may be empty
   */
  static ShuffleDependency<BlockKey, EmittedBlock, EmittedBlock> shuffle(
      RDD<Tuple2<BlockKey, EmittedBlock>> emitted, SlicePlan plan, EnumSet<StateVector> own) {
    return new ShuffleDependency<>(
        emitted,
        new SlicePartitioner(plan.slices().size(), own, emitted.getNumPartitions()),
        new BlockSerializer(),
        Option.empty(),
        Option.empty(),
        false,
        new ShuffleWriteProcessor(),
        tag(BlockKey.class),
        tag(EmittedBlock.class),
        tag(EmittedBlock.class));
  }

  /** Names the shuffle for {@link org.apache.spark.ContextCleaner}. */
  int shuffle() {
    return shuffle;
  }

  @Override
  public Partition[] getPartitions() {
    return Placement.partitions(plan.slices().size());
  }

  @Override
  public Seq<String> getPreferredLocations(Partition split) {
    return ((Placement) split).preferred();
  }

  @Override
  public Iterator<byte[]> compute(Partition split, TaskContext context) {
    activities.enter(Activity.AVERAGE, split.index());
    ShuffleDependency<?, ?, ?> blocks = (ShuffleDependency<?, ?, ?>) dependencies().head();
    Slice slice = plan.slices().get(split.index());
    return JavaConverters.asScalaIterator(
        new SliceAverage(
            slice,
            List.copyOf(vectors),
            workers,
            worker -> WorkerStream.open(blocks, worker, slice.index(), context),
            SliceAverage.BYTES_IN_FLIGHT));
  }

  private static <T> ClassTag<T> tag(Class<T> type) {
    return ClassTag$.MODULE$.apply(type);
  }
}
