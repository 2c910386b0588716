package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import scala.Option;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The state of training between two rounds, spread over the executors: partition i of the averaged
 * state and of the moving average holds slice i, partition w of the workers' own state what worker
 * w keeps. The driver holds only handles.
 */
public final class TrainingState {
  /**
   * The type of all RDDs' elements. By this tag Spark knows them for arrays of bytes, and stores
   * them without Java's object streams.
   */
  static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

  private final RDD<byte[]> averaged;
  private final RDD<byte[]> movingAverage;
  private final Optional<RDD<byte[]>> ownState;
  private final SlicePlan plan;
  private final EnumSet<StateVector> gathered;
  private final EnumSet<StateVector> own;
  private final long rounds;
  private final ActivityReport activities;

  /**
   * @param averaged in each partition the metrics of the round that made it, then the pieces of the
   *     gathered vectors' slice, in the vectors' order
   * @param movingAverage in each partition the same metrics, then the pieces of the EMA's slice
   * @param ownState in each partition the pieces of a worker's own vectors, slice by slice; empty
   *     if workers keep nothing
   * @param rounds rounds that the state has gone through
   * @param activities tells the driver what tasks on the slices are doing
   */
  TrainingState(
      RDD<byte[]> averaged,
      RDD<byte[]> movingAverage,
      Optional<RDD<byte[]>> ownState,
      SlicePlan plan,
      Set<StateVector> gathered,
      EnumSet<StateVector> own,
      long rounds,
      ActivityReport activities) {
    this.averaged = averaged;
    this.movingAverage = movingAverage;
    this.ownState = ownState;
    this.plan = plan;
    this.gathered = EnumSet.copyOf(gathered);
    this.own = own;
    this.rounds = rounds;
    this.activities = activities;
  }

  /**
   * Lets executors fill the slices, and waits for it.
   *
   * @param own vectors that each of the workers keeps for itself; may be empty
   */
  static TrainingState fill(
      JavaSparkContext context,
      SlicePlan plan,
      Set<StateVector> gathered,
      EnumSet<StateVector> own,
      int workers,
      InitialState initial,
      long rounds,
      StorageLevel level,
      ActivityReport activities) {
    EnumSet<StateVector> vectors = EnumSet.copyOf(gathered);
    context.setCallSite("fill the state");
    try {
      StateFilling filling = new StateFilling(context, plan, initial, level);
      RDD<byte[]> averaged = filling.slices(vectors);
      RDD<byte[]> movingAverage = filling.slices(EnumSet.of(StateVector.EMA));
      Optional<RDD<byte[]>> ownState =
          own.isEmpty() ? Optional.empty() : Optional.of(filling.own(own, workers));
      TrainingState state =
          new TrainingState(
              averaged, movingAverage, ownState, plan, gathered, own, rounds, activities);
      context.setJobDescription("state before round " + rounds);
      state.collectMetrics();
      return state;
    } finally {
      context.clearCallSite();
      context.setJobDescription(null);
    }
  }

  /** How the vectors are cut. */
  public SlicePlan plan() {
    return plan;
  }

  /** The vectors that workers gather and emit; the moving average comes on top. */
  public Set<StateVector> gathered() {
    return EnumSet.copyOf(gathered);
  }

  /** The vectors that every worker keeps for itself from round to round. */
  public Set<StateVector> own() {
    return own.clone();
  }

  /** Logical workers that keep something; 0 if none does. */
  public int owners() {
    return ownState.map(RDD::getNumPartitions).orElse(0);
  }

  /** Rounds that the state has gone through; also the number of the next round. */
  public long rounds() {
    return rounds;
  }

  /**
   * Runs a function once for each slice, on the executors that hold the slices.
   *
   * @return what the function gave, in the order of the slices
   * @throws StateLostException if the state is gone
   */
  public <T extends Serializable> List<T> mapSlices(SliceFunction<T> function) {
    try {
      return onSlices(function);
    } catch (Exception e) { // Scala throws checked ones undeclared.
      StateLostException.throwIfReason(e);
      throw e;
    }
  }

  private <T extends Serializable> List<T> onSlices(SliceFunction<T> function) {
    ActivityReport report = activities;
    SlicePlan slices = plan;
    EnumSet<StateVector> vectors = gathered;
    List<byte[]> results =
        averaged
            .toJavaRDD()
            .zipPartitions(
                movingAverage.toJavaRDD(),
                (a, b) -> {
                  Slice slice = slices.slices().get(TaskContext.getPartitionId());
                  report.enter(function.activity(), slice.index());
                  a.next(); // Metrics.
                  b.next();
                  Map<StateVector, FloatBuffer> values = join(slice, vectors, a);
                  values.putAll(join(slice, EnumSet.of(StateVector.EMA), b));
                  a.forEachRemaining(none -> {}); // Closed when read to the end.
                  b.forEachRemaining(none -> {});
                  T result = function.apply(slices, slice, values);
                  return List.of(JavaBytes.of(result)).iterator();
                })
            .collect();
    return results.stream().map(JavaBytes::<T>read).toList();
  }

  /**
   * Runs a function in several tasks, each of which gets all of one vector: slice by slice from the
   * executors that hold them, nothing of it through the driver.
   *
   * @param vector one of those gathered, or the moving average
   * @param tasks at least 1
   * @return what the function gave, in the order of the tasks
   * @throws StateLostException if the state is gone
   */
  public <T extends Serializable> List<T> mapVector(
      StateVector vector, int tasks, VectorFunction<T> function) {
    try {
      return onVector(vector, tasks, function);
    } catch (Exception e) { // Scala throws checked ones undeclared.
      StateLostException.throwIfReason(e);
      throw e;
    }
  }

  private <T extends Serializable> List<T> onVector(
      StateVector vector, int tasks, VectorFunction<T> function) {
    EnumSet<StateVector> stored =
        vector == StateVector.EMA ? EnumSet.of(vector) : EnumSet.copyOf(gathered);
    if (!stored.contains(vector)) {
      throw new IllegalArgumentException("the state has no " + vector);
    }
    ActivityReport report = activities;
    SlicePlan slices = plan;
    return (vector == StateVector.EMA ? movingAverage : averaged)
            .coalesce(tasks, false, Option.apply(new EveryPartitionInOrder()), null)
            .toJavaRDD()
            .mapPartitions(
                elements -> {
                  report.enter(function.activity(), TaskContext.getPartitionId());
                  StreamedVector values = new StreamedVector(vector, stored, slices, elements);
                  T result = function.apply(TaskContext.getPartitionId(), slices, values);
                  values.finish();
                  return List.of(JavaBytes.of(result)).iterator();
                })
            .collect()
            .stream()
            .map(JavaBytes::<T>read)
            .toList();
  }

  /**
   * Runs a function once for each slice of what each worker keeps for itself, on the executors that
   * hold it.
   *
   * @return what the function gave, worker by worker in the order of the slices
   * @throws StateLostException if the state is gone
   */
  public <T extends Serializable> List<T> mapOwn(OwnStateFunction<T> function) {
    try {
      return onOwn(function);
    } catch (Exception e) { // Scala throws checked ones undeclared.
      StateLostException.throwIfReason(e);
      throw e;
    }
  }

  private <T extends Serializable> List<T> onOwn(OwnStateFunction<T> function) {
    ActivityReport report = activities;
    SlicePlan slices = plan;
    EnumSet<StateVector> vectors = own;
    return ownState
        .map(
            state ->
                state
                    .toJavaRDD()
                    .mapPartitions(
                        pieces -> {
                          int worker = TaskContext.getPartitionId();
                          report.enter(Activity.CHECKPOINT, worker);
                          List<byte[]> results = new ArrayList<>();
                          for (Slice slice : slices.slices()) {
                            Map<StateVector, FloatBuffer> values = join(slice, vectors, pieces);
                            T result = function.apply(slices, worker, slice, values);
                            results.add(JavaBytes.of(result));
                          }
                          pieces.forEachRemaining(none -> {}); // Closed when read to the end.
                          return results.iterator();
                        })
                    .collect())
        .orElse(List.of())
        .stream()
        .map(JavaBytes::<T>read)
        .toList();
  }

  /** The next pieces, put together to the slice of each vector. */
  private static Map<StateVector, FloatBuffer> join(
      Slice slice, EnumSet<StateVector> vectors, Iterator<byte[]> pieces) {
    Map<StateVector, FloatBuffer> values = new EnumMap<>(StateVector.class);
    for (StateVector vector : vectors) {
      ByteBuffer whole = ByteBuffer.allocate(slice.bytes()).order(ByteOrder.LITTLE_ENDIAN);
      while (whole.hasRemaining()) {
        whole.put(pieces.next());
      }
      values.put(vector, whole.flip().asFloatBuffer());
    }
    return values;
  }

  RDD<byte[]> averaged() {
    return averaged;
  }

  RDD<byte[]> movingAverage() {
    return movingAverage;
  }

  Optional<RDD<byte[]>> ownState() {
    return ownState;
  }

  /** Computes and stores every partition, in one job, and brings the workers' metrics. */
  List<WorkerMetrics> collectMetrics() {
    JavaRDD<byte[]> metrics =
        averaged.toJavaRDD().zipPartitions(movingAverage.toJavaRDD(), TrainingState::firstElement);
    JavaRDD<byte[]> all =
        ownState
            .map(state -> metrics.union(state.toJavaRDD().mapPartitions(TrainingState::nothing)))
            .orElse(metrics);
    return all.collect().stream()
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

  private static Iterator<byte[]> nothing(Iterator<byte[]> pieces) {
    pieces.forEachRemaining(piece -> {});
    return List.<byte[]>of().iterator();
  }

  /** Lets executors forget the state, and the blocks of workers that it was averaged from. */
  void forget(boolean waiting) {
    averaged.unpersist(waiting);
    movingAverage.unpersist(waiting);
    ownState.ifPresent(state -> state.unpersist(waiting));
    forgetShuffle(waiting);
  }

  /** Lets executors forget the blocks of workers that this state was averaged from, if any. */
  void forgetShuffle(boolean waiting) {
    if (averaged instanceof AverageRdd average && averaged.context().cleaner().isDefined()) {
      averaged.context().cleaner().get().doCleanupShuffle(average.shuffle(), waiting);
    }
  }
}
