package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The state of training between two rounds, spread over the executors: partition i of both RDDs
 * holds slice i. The driver holds only handles.
 */
public final class TrainingState {
  private final JavaRDD<Tuple2<BlockKey, Block>> averaged;
  private final JavaRDD<Tuple2<BlockKey, Block>> movingAverage;
  private final SlicePlan plan;
  private final EnumSet<StateVector> gathered;
  private final long rounds;

  /**
   * @param averaged the gathered vectors, and the metrics of the round that made them
   * @param rounds rounds that the state has gone through
   */
  TrainingState(
      JavaRDD<Tuple2<BlockKey, Block>> averaged,
      JavaRDD<Tuple2<BlockKey, Block>> movingAverage,
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
      JavaRDD<Tuple2<BlockKey, Block>> averaged =
          slices.flatMap(slice -> fill(initial, plan, slice, vectors)).persist(level);
      JavaRDD<Tuple2<BlockKey, Block>> movingAverage =
          slices
              .flatMap(slice -> fill(initial, plan, slice, EnumSet.of(StateVector.EMA)))
              .persist(level);
      TrainingState state = new TrainingState(averaged, movingAverage, plan, gathered, rounds);
      context.setJobDescription("state before round " + rounds);
      state.collectMetrics();
      return state;
    } finally {
      context.clearCallSite();
      context.setJobDescription(null);
    }
  }

  private static Iterator<Tuple2<BlockKey, Block>> fill(
      InitialState initial, SlicePlan plan, Slice slice, EnumSet<StateVector> vectors)
      throws java.io.IOException {
    List<Tuple2<BlockKey, Block>> filled = new ArrayList<>();
    for (StateVector vector : vectors) {
      Block block = Block.zeros(slice);
      initial.fill(vector, slice, plan, block.floats());
      filled.add(new Tuple2<>(BlockKey.averaged(slice, vector), block));
    }
    return filled.iterator();
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
    List<byte[]> results =
        averaged
            .zipPartitions(
                movingAverage,
                (a, b) -> {
                  Map<StateVector, FloatBuffer> values = new EnumMap<>(StateVector.class);
                  int index = Math.max(collect(a, values), collect(b, values));
                  T result = function.apply(slices, slices.slices().get(index), values);
                  return List.of(JavaBytes.of(result)).iterator();
                })
            .collect();
    return results.stream().map(JavaBytes::<T>read).toList();
  }

  private static int collect(
      Iterator<Tuple2<BlockKey, Block>> blocks, Map<StateVector, FloatBuffer> values) {
    int slice = -1;
    while (blocks.hasNext()) {
      Tuple2<BlockKey, Block> next = blocks.next();
      if (!next._1.isMetrics()) {
        slice = next._1.slice();
        values.put(next._1.vector(), next._2.floats());
      }
    }
    return slice;
  }

  JavaRDD<Tuple2<BlockKey, Block>> averaged() {
    return averaged;
  }

  JavaRDD<Tuple2<BlockKey, Block>> movingAverage() {
    return movingAverage;
  }

  /** Computes and stores every partition, in one job, and brings the workers' metrics. */
  List<WorkerMetrics> collectMetrics() {
    return averaged
        .zipPartitions(movingAverage, (a, b) -> metricsOf(a).iterator())
        .collect()
        .stream()
        .map(JavaBytes::<WorkerMetrics>read)
        .sorted(java.util.Comparator.comparingInt(WorkerMetrics::worker))
        .toList();
  }

  /** They come first; what follows is not read. */
  private static List<byte[]> metricsOf(Iterator<Tuple2<BlockKey, Block>> blocks) {
    List<byte[]> metrics = new ArrayList<>();
    while (blocks.hasNext()) {
      Tuple2<BlockKey, Block> next = blocks.next();
      if (!next._1.isMetrics()) {
        break;
      }
      metrics.add(next._2.bytes());
    }
    return metrics;
  }

  /** Lets executors forget the state. */
  void unpersist() {
    averaged.unpersist(false);
    movingAverage.unpersist(false);
  }
}
