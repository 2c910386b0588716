package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Times rounds of averaging without a network: workers gather the state into off-heap vectors and
 * emit it as it is. What is left of a round besides is the training itself.
 */
public final class AveragingBenchmark {
  private static final int TENSOR = 1 << 20;

  private final JavaSparkContext context;
  private final long floats;
  private final int workers;
  private final EnumSet<StateVector> vectors;

  /**
   * A benchmark of rounds that move parameters alone, or Adam's two moments with them.
   *
   * @param floats parameters of the model, at least 1
   * @param vectors what a worker gathers and emits
   */
  public AveragingBenchmark(
      JavaSparkContext context, long floats, int workers, EnumSet<StateVector> vectors) {
    if (floats < 1) {
      throw new IllegalArgumentException("averaging needs at least 1 float, not " + floats);
    }
    this.context = context;
    this.floats = floats;
    this.workers = workers;
    this.vectors = EnumSet.copyOf(vectors);
  }

  /**
   * Runs rounds for warming up and then the timed ones.
   *
   * @param warmUp rounds before the timed ones, at least 0; the JIT compiler takes a share of the
   *     processor for the first half minute
   * @param runs timed rounds, at least 1
   */
  public AveragingTimes run(int warmUp, int runs) {
    if (runs < 1) {
      throw new IllegalArgumentException("a benchmark needs at least 1 run, not " + runs);
    }
    SlicePlan plan = SlicePlan.forWorkers(tensors(), workers);
    DriverHeap heap = DriverHeap.watch();
    List<Double> seconds = new ArrayList<>();
    try (AveragingRounds<FlatVectors> rounds =
        AveragingRounds.of(
                context, new NoSteps(floats, vectors), plan, AveragingBenchmark::randomValues)
            .workers(workers)
            .vectors(vectors)
            .start()) {
      for (int round = 0; round < warmUp; round++) {
        rounds.advance();
      }
      for (int run = 0; run < runs; run++) {
        seconds.add(rounds.advance().seconds());
      }
    }
    return new AveragingTimes(floats, workers, vectors, seconds, heap.peak());
  }

  private List<ParameterTensor> tensors() {
    List<ParameterTensor> tensors = new ArrayList<>();
    for (long offset = 0; offset < floats; offset += TENSOR) {
      int length = (int) Math.min(TENSOR, floats - offset);
      tensors.add(new ParameterTensor("tensor." + tensors.size(), List.of(length)));
    }
    return tensors;
  }

  /** As hard to compress as weights are. */
  private static void randomValues(
      StateVector vector, Slice slice, SlicePlan plan, FloatBuffer into) {
    RandomStream random =
        RandomStream.of(0, Purpose.INITIALISATION, vector.ordinal(), slice.index());
    while (into.hasRemaining()) {
      into.put((float) random.uniform() - 0.5f);
    }
  }

  private static final class NoSteps implements LocalSteps<FlatVectors> {
    private static final long serialVersionUID = 1L;

    private final long length;
    private final EnumSet<StateVector> vectors;

    NoSteps(long length, EnumSet<StateVector> vectors) {
      this.length = length;
      this.vectors = vectors;
    }

    @Override
    public int stepsPerRound() {
      return 1;
    }

    @Override
    public FlatVectors newReplica() {
      return new FlatVectors(length, vectors);
    }

    @Override
    public LocalResult run(FlatVectors replica, int worker, long round) {
      return new LocalResult(List.of(), 0, 0);
    }
  }
}
