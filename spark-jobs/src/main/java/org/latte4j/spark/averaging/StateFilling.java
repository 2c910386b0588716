package org.latte4j.spark.averaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;

/** How executors make the RDDs of a {@link TrainingState} from initial values; nothing runs yet. */
final class StateFilling {
  private final JavaSparkContext context;
  private final SlicePlan plan;
  private final InitialState initial;
  private final StorageLevel level;

  StateFilling(JavaSparkContext context, SlicePlan plan, InitialState initial, StorageLevel level) {
    this.context = context;
    this.plan = plan;
    this.initial = initial;
    this.level = level;
  }

  /** A partition a slice: metrics, then the pieces of each vector. */
  RDD<byte[]> slices(EnumSet<StateVector> vectors) {
    InitialState values = initial;
    SlicePlan cut = plan;
    return context
        .parallelize(plan.slices(), plan.slices().size())
        .flatMap(slice -> slice(values, cut, slice, vectors))
        .rdd()
        .retag(TrainingState.BYTES)
        .persist(level);
  }

  /** A partition a worker: the pieces of its own vectors, slice by slice. */
  RDD<byte[]> own(EnumSet<StateVector> own, int workers) {
    InitialState values = initial;
    SlicePlan cut = plan;
    return context
        .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
        .flatMap(worker -> worker(values, cut, worker, own))
        .rdd()
        .retag(TrainingState.BYTES)
        .persist(level);
  }

  private static Iterator<byte[]> slice(
      InitialState initial, SlicePlan plan, Slice slice, EnumSet<StateVector> vectors) {
    Stream<byte[]> values =
        vectors.stream()
            .flatMap(
                vector -> pieces(slice, vector, into -> initial.fill(vector, slice, plan, into)));
    return Stream.concat(Stream.of(Metrics.none()), values).iterator();
  }

  private static Iterator<byte[]> worker(
      InitialState initial, SlicePlan plan, int worker, EnumSet<StateVector> own) {
    return plan.slices().stream()
        .flatMap(slice -> own.stream().flatMap(vector -> own(initial, plan, worker, slice, vector)))
        .iterator();
  }

  private static Stream<byte[]> own(
      InitialState initial, SlicePlan plan, int worker, Slice slice, StateVector vector) {
    return pieces(slice, vector, into -> initial.fillOwn(vector, worker, slice, plan, into));
  }

  @FunctionalInterface
  private interface Filling {
    void fill(FloatBuffer into) throws IOException;
  }

  private static Stream<byte[]> pieces(Slice slice, StateVector vector, Filling filling) {
    byte[] whole = new byte[slice.bytes()];
    try {
      filling.fill(Pieces.floats(whole));
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
}
