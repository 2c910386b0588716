package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The state of training between two rounds, spread over the executors: partition i of both RDDs
 * holds slice i. The driver holds only handles.
 */
public final class TrainingState {
  /**
   * The type of both RDDs' elements. By this tag Spark knows them for arrays of bytes, and stores
   * them without Java's object streams.
   */
  static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

  private final RDD<byte[]> averaged;
  private final RDD<byte[]> movingAverage;
  private final SlicePlan plan;
  private final EnumSet<StateVector> gathered;
  private final long rounds;

  /**
   * @param averaged in each partition the metrics of the round that made it, then the pieces of the
   *     gathered vectors' slice, in the vectors' order
   * @param movingAverage in each partition the same metrics, then the pieces of the EMA's slice
   * @param rounds rounds that the state has gone through
   */
  TrainingState(
      RDD<byte[]> averaged,
      RDD<byte[]> movingAverage,
      SlicePlan plan,
      Set<StateVector> gathered,
      long rounds) {
    this.averaged = averaged;
    this.movingAverage = movingAverage;
    this.plan = plan;
    this.gathered = EnumSet.copyOf(gathered);
    this.rounds = rounds;
  }

  /** Lets executors fill the slices, and waits for it. */
  static TrainingState fill(
      JavaSparkContext context,
      SlicePlan plan,
      Set<StateVector> gathered,
      InitialState initial,
      long rounds,
      StorageLevel level) {
    EnumSet<StateVector> vectors = EnumSet.copyOf(gathered);
    context.setCallSite("fill the state");
    try {
      JavaRDD<Slice> slices = context.parallelize(plan.slices(), plan.slices().size());
      RDD<byte[]> averaged = stored(slices, initial, plan, vectors, level);
      RDD<byte[]> movingAverage = stored(slices, initial, plan, EnumSet.of(StateVector.EMA), level);
      TrainingState state = new TrainingState(averaged, movingAverage, plan, gathered, rounds);
      context.setJobDescription("state before round " + rounds);
      state.collectMetrics();
      return state;
    } finally {
      context.clearCallSite();
      context.setJobDescription(null);
    }
  }

  private static RDD<byte[]> stored(
      JavaRDD<Slice> slices,
      InitialState initial,
      SlicePlan plan,
      EnumSet<StateVector> vectors,
      StorageLevel level) {
    return slices
        .flatMap(slice -> fill(initial, plan, slice, vectors))
        .rdd()
        .retag(BYTES)
        .persist(level);
  }

  private static Iterator<byte[]> fill(
      InitialState initial, SlicePlan plan, Slice slice, EnumSet<StateVector> vectors) {
    return Stream.concat(
            Stream.of(Metrics.none()),
            vectors.stream().flatMap(vector -> fill(initial, plan, slice, vector)))
        .iterator();
  }

  private static Stream<byte[]> fill(
      InitialState initial, SlicePlan plan, Slice slice, StateVector vector) {
    byte[] whole = new byte[slice.bytes()];
    try {
      initial.fill(vector, slice, plan, Pieces.floats(whole));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot fill slice %d of %s".formatted(slice.index(), vector), e);
    }
    return IntStream.range(0, Pieces.count(slice))
        .map(piece -> piece * Pieces.LONGEST)
        .mapToObj(
            from ->
                Arrays.copyOfRange(
                    whole, from * Float.BYTES, (from + Pieces.length(slice, from)) * Float.BYTES));
  }

  /** How the vectors are cut. */
  public SlicePlan plan() {
    return plan;
  }

  /** The vectors that workers gather and emit; the moving average comes on top. */
  public Set<StateVector> gathered() {
    return EnumSet.copyOf(gathered);
  }

  /** Rounds that the state has gone through; also the number of the next round. */
  public long rounds() {
    return rounds;
  }

  /**
   * Runs a function once for each slice, on the executors that hold the slices.
   *
   * @return what the function gave, in the order of the slices
   */
  public <T extends Serializable> List<T> mapSlices(SliceFunction<T> function) {
    SlicePlan slices = plan;
    EnumSet<StateVector> vectors = gathered;
    List<byte[]> results =
        averaged
            .toJavaRDD()
            .zipPartitions(
                movingAverage.toJavaRDD(),
                (a, b) -> {
                  Slice slice = slices.slices().get(TaskContext.getPartitionId());
                  Map<StateVector, FloatBuffer> values = new EnumMap<>(StateVector.class);
                  join(slice, vectors, a, values);
                  join(slice, EnumSet.of(StateVector.EMA), b, values);
                  T result = function.apply(slices, slice, values);
                  return List.of(JavaBytes.of(result)).iterator();
                })
            .collect();
    return results.stream().map(JavaBytes::<T>read).toList();
  }

  private static void join(
      Slice slice,
      EnumSet<StateVector> vectors,
      Iterator<byte[]> pieces,
      Map<StateVector, FloatBuffer> values) {
    pieces.next(); // Metrics.
    for (StateVector vector : vectors) {
      ByteBuffer whole = ByteBuffer.allocate(slice.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      while (whole.hasRemaining()) {
        whole.put(pieces.next());
      }
      values.put(vector, whole.flip().asFloatBuffer());
    }
    pieces.forEachRemaining(none -> {}); // Closed when read to the end.
  }

  RDD<byte[]> averaged() {
    return averaged;
  }

  RDD<byte[]> movingAverage() {
    return movingAverage;
  }

  /** Computes and stores every partition, in one job, and brings the workers' metrics. */
  List<WorkerMetrics> collectMetrics() {
    return averaged
        .toJavaRDD()
        .zipPartitions(movingAverage.toJavaRDD(), TrainingState::firstElement)
        .collect()
        .stream()
        .flatMap(Metrics::of)
        .sorted(Comparator.comparingInt(WorkerMetrics::worker))
        .toList();
  }

  /** Reads the moving average, whose partitions can only be computed from stored averages. */
  private static Iterator<byte[]> firstElement(Iterator<byte[]> averaged, Iterator<byte[]> moved) {
    byte[] metrics = moved.next();
    moved.forEachRemaining(piece -> {}); // Closed when read to the end.
    return List.of(metrics).iterator();
  }

  /** Lets executors forget the state, and the blocks of workers that it was averaged from. */
  void forget(boolean waiting) {
    averaged.unpersist(waiting);
    movingAverage.unpersist(waiting);
    forgetShuffle(waiting);
  }

  /** Lets executors forget the blocks of workers that this state was averaged from, if any. */
  void forgetShuffle(boolean waiting) {
    if (averaged instanceof AverageRdd average && averaged.context().cleaner().isDefined()) {
      averaged.context().cleaner().get().doCleanupShuffle(average.shuffle(), waiting);
    }
  }
}
