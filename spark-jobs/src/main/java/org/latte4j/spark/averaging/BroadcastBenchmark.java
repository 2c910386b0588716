package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Times rounds that average the same state as {@link AveragingBenchmark} in the way of
 * Deeplearning4j's ParameterAveragingTrainingMaster: the driver broadcasts the whole state, each
 * worker copies it into its replica and gives back its own, {@code treeAggregate} (depth 2) adds
 * these up as they arrive, and the driver divides the sum.
 */
public final class BroadcastBenchmark {
  private static final int DEPTH = 2;
  private static final int WARM_UP = 1;

  /** The vectors lie in this process's memory, whatever devices there are. */
  private static final String DEVICE = "cpu";

  private final JavaSparkContext context;
  private final int floats;
  private final int workers;
  private final EnumSet<StateVector> vectors;

  /**
   * A benchmark of the state that an {@link AveragingBenchmark} with the same values moves.
   *
   * @param floats parameters of the model, at least 1; all vectors together fit into one array
   * @param vectors what is averaged
   */
  public BroadcastBenchmark(
      JavaSparkContext context, long floats, int workers, EnumSet<StateVector> vectors) {
    if (floats < 1 || floats * vectors.size() > SlicePlan.LONGEST_SLICE) {
      throw new IllegalArgumentException(
          "%d vectors of %d floats do not fit into the array that a broadcast sends"
              .formatted(vectors.size(), floats));
    }
    this.context = context;
    this.floats = (int) floats;
    this.workers = workers;
    this.vectors = EnumSet.copyOf(vectors);
  }

  /**
   * Runs one round for warming up and then the timed ones.
   *
   * @param runs timed rounds, at least 1
   */
  public AveragingTimes run(int runs) {
    if (runs < 1) {
      throw new IllegalArgumentException("a benchmark needs at least 1 run, not " + runs);
    }
    DriverHeap heap = DriverHeap.watch();
    float[] state = new float[floats * vectors.size()];
    RandomStream random = RandomStream.of(0, Purpose.INITIALISATION, 0, 0);
    for (int i = 0; i < state.length; i++) {
      state[i] = (float) random.uniform() - 0.5f;
    }
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < WARM_UP + runs; round++) {
      long begin = System.nanoTime();
      state = round(state);
      if (round >= WARM_UP) {
        seconds.add((System.nanoTime() - begin) / 1e9);
      }
    }
    return new AveragingTimes(floats, workers, vectors, seconds, heap.peak());
  }

  private float[] round(float[] state) {
    Broadcast<float[]> broadcast = context.broadcast(state);
    int length = floats;
    EnumSet<StateVector> all = vectors;
    try {
      JavaRDD<float[]> results =
          context
              .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
              .map(worker -> train(broadcast.value(), length, all));
      float[] sum =
          results.treeAggregate(null, BroadcastBenchmark::add, BroadcastBenchmark::add, DEPTH);
      for (int i = 0; i < sum.length; i++) {
        sum[i] /= workers;
      }
      return sum;
    } finally {
      broadcast.destroy();
    }
  }

  /** Into a replica and out of it again, without local steps. */
  private static float[] train(float[] state, int floats, EnumSet<StateVector> vectors) {
    String run = "broadcast " + floats + vectors;
    FlatVectors replica =
        (FlatVectors)
            ReplicaPool.instance().borrow(run, DEVICE, () -> new FlatVectors(floats, vectors));
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> ReplicaPool.instance().giveBack(run, DEVICE, replica));
    float[] result = new float[state.length];
    int offset = 0;
    for (StateVector vector : vectors) {
      replica.load(vector, 0, FloatBuffer.wrap(state, offset, floats));
      replica.store(vector, 0, FloatBuffer.wrap(result, offset, floats));
      offset += floats;
    }
    return result;
  }

  private static float[] add(float[] sum, float[] values) {
    if (sum == null || values == null) {
      return sum == null ? values : sum;
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
    return sum;
  }
}
