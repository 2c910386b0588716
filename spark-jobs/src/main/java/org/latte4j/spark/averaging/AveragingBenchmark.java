package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.FloatPointer;
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
   * What the timed rounds took.
   *
   * @param floats parameters of the model
   * @param workers logical workers
   * @param vectors vectors moved
   * @param seconds each timed round
   */
  public record Result(
      long floats, int workers, EnumSet<StateVector> vectors, List<Double> seconds) {
    /** Copies and sorts the times. */
    public Result {
      seconds = seconds.stream().sorted().toList();
    }

    /** The median round's seconds. */
    public double median() {
      int middle = seconds.size() / 2;
      return seconds.size() % 2 == 1
          ? seconds.get(middle)
          : (seconds.get(middle - 1) + seconds.get(middle)) / 2;
    }

    /** Bytes of the model's parameters (10^6) averaged in a second, by the median round. */
    public double megabytesOfModelPerSecond() {
      return floats * 4e-6 / median();
    }

    /** One line for people. */
    public String line() {
      return String.format(
          Locale.ROOT,
          "average %d floats %d workers%s: runs %d min %.3f median %.3f max %.3f s, %.0f MB/s of model",
          floats,
          workers,
          vectors.size() == 1 ? "" : " with Adam's state",
          seconds.size(),
          seconds.get(0),
          median(),
          seconds.get(seconds.size() - 1),
          megabytesOfModelPerSecond());
    }
  }

  /**
   * Runs two rounds for warming up and then the timed ones.
   *
   * @param runs timed rounds, at least 1
   */
  public Result run(int runs) {
    if (runs < 1) {
      throw new IllegalArgumentException("a benchmark needs at least 1 run, not " + runs);
    }
    SlicePlan plan = SlicePlan.forWorkers(tensors(), workers);
    List<Double> seconds = new ArrayList<>();
    try (AveragingRounds<FlatVectors> rounds =
        AveragingRounds.of(
                context, new NoSteps(floats, vectors), plan, AveragingBenchmark::randomValues)
            .workers(workers)
            .vectors(vectors)
            .start()) {
      rounds.advance();
      rounds.advance();
      for (int run = 0; run < runs; run++) {
        seconds.add(rounds.advance().seconds());
      }
    }
    return new Result(floats, workers, vectors, seconds);
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

  /** Off-heap vectors, as those of a network are. */
  private static final class FlatVectors implements Replica {
    private final Map<StateVector, FloatPointer> pointers = new EnumMap<>(StateVector.class);

    FlatVectors(long length, EnumSet<StateVector> vectors) {
      vectors.forEach(vector -> pointers.put(vector, new FloatPointer(length)));
    }

    @Override
    public void load(StateVector vector, long offset, FloatBuffer values) {
      part(vector, offset, values.remaining()).put(values);
    }

    @Override
    public void store(StateVector vector, long offset, FloatBuffer into) {
      into.put(part(vector, offset, into.remaining()));
    }

    private FloatBuffer part(StateVector vector, long offset, int length) {
      return pointers.get(vector).getPointer(offset).capacity(length).asBuffer();
    }

    @Override
    public void close() {
      pointers.values().forEach(FloatPointer::deallocate);
    }
  }
}
