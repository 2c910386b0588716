package org.latte4j.spark.averaging;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * What workers keep for themselves between rounds: partition w holds the pieces of worker w's own
 * vectors, slice by slice. They come out of the same shuffle as the slices that are averaged, so
 * that a round computes every worker once, and what is lost is recomputed like everything else.
 */
final class OwnStateRdd extends RDD<byte[]> {
  private static final long serialVersionUID = 1L;

  private final SlicePlan plan;
  private final EnumSet<StateVector> own;
  private final int workers;

  /**
   * @param shuffle of what the workers emit; see {@link SlicePartitioner}
   * @param own vectors that workers keep
   */
  OwnStateRdd(
      ShuffleDependency<BlockKey, EmittedBlock, EmittedBlock> shuffle,
      SlicePlan plan,
      EnumSet<StateVector> own) {
    super(
        shuffle.rdd().context(),
        JavaConverters.asScalaBuffer(List.<Dependency<?>>of(shuffle)).toSeq(),
        TrainingState.BYTES);
    this.plan = plan;
    this.own = own;
    this.workers = shuffle.rdd().getNumPartitions();
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
  public Iterator<byte[]> compute(Partition split, TaskContext context) {
    ShuffleDependency<?, ?, ?> blocks = (ShuffleDependency<?, ?, ?>) dependencies().head();
    int worker = split.index();
    WorkerStream stream =
        WorkerStream.open(blocks, worker, SlicePartitioner.ownPartition(plan, worker), context);
    Stream<byte[]> pieces =
        plan.slices().stream()
            .flatMap(slice -> own.stream().flatMap(vector -> pieces(stream, slice, vector)));
    return JavaConverters.asScalaIterator(pieces.iterator());
  }

  private static Stream<byte[]> pieces(WorkerStream stream, Slice slice, StateVector vector) {
    return IntStream.range(0, Pieces.count(slice))
        .mapToObj(
            piece -> {
              if (piece == 0) {
                stream.next(slice, vector);
              }
              byte[] bytes = new byte[Pieces.length(slice, piece * Pieces.LONGEST) * Float.BYTES];
              stream.read(bytes, bytes.length);
              return bytes;
            });
  }
}
