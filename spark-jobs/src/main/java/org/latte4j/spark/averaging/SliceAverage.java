package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

/**
 * The average of one slice over all workers, computed piece by piece as it is asked for: the
 * workers' metrics ({@link Metrics}), then the pieces of each vector.
 *
 * <p>Defined to the bit: the average of one value is {@code (float) (sum / workers)}, the sum in
 * double precision from 0.0 in worker order.
 *
 * <p>Workers are read side by side as long as their blocks of the slice fit into {@link
 * #BYTES_IN_FLIGHT}, which is what remote blocks may take outside the heap; more workers are added
 * up group after group, in sums of the whole slice.
 */
final class SliceAverage implements Iterator<byte[]> {
  /** Bytes of blocks that a task asks for at a time, unless a single worker's are more. */
  static final long BYTES_IN_FLIGHT = 128L << 20;

  private final Slice slice;
  private final List<StateVector> vectors;
  private final int workers;
  private final List<WorkerStream> streams = new ArrayList<>();

  /** Sums of whole slices, if there is more than one group; else empty. */
  private final List<double[]> sums = new ArrayList<>();

  private final byte[] bytes;
  private final FloatBuffer floats;
  private final float[] values;
  private final double[] pieceSum;
  private final int pieces;
  private boolean begun;
  private int next;

  /**
   * @param vectors in the order that they come in
   * @param open opens a worker's stream
   * @param bytesInFlight see {@link #BYTES_IN_FLIGHT}
   */
  SliceAverage(
      Slice slice,
      List<StateVector> vectors,
      int workers,
      IntFunction<WorkerStream> open,
      long bytesInFlight) {
    this.slice = slice;
    this.vectors = vectors;
    this.workers = workers;
    int longest = Pieces.length(slice, 0);
    bytes = new byte[longest * Float.BYTES];
    floats = Pieces.floats(bytes);
    values = new float[longest];
    pieceSum = new double[longest];
    pieces = Pieces.count(slice);
    int group = (int) Math.max(1, bytesInFlight / ((long) slice.bytes() * vectors.size()));
    if (group < workers) {
      addGroups(open, group);
    } else {
      for (int worker = 0; worker < workers; worker++) {
        streams.add(open.apply(worker));
      }
      beginVector(streams, 0);
    }
  }

  @Override
  public boolean hasNext() {
    return !begun || next < pieces * vectors.size();
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (!begun) {
      begun = true;
      return Metrics.join(streams.stream().flatMap(stream -> stream.metrics().stream()).toList());
    }
    int vector = next / pieces;
    int from = next % pieces * Pieces.LONGEST;
    int count = Pieces.length(slice, from);
    next++;
    byte[] average = new byte[count * Float.BYTES];
    if (!sums.isEmpty()) {
      divide(sums.get(vector), from, count, average);
      return average;
    }
    if (from == 0 && vector > 0) {
      beginVector(streams, vector);
    }
    Arrays.fill(pieceSum, 0);
    for (WorkerStream stream : streams) {
      add(stream, pieceSum, 0, count);
    }
    if (next == pieces * vectors.size()) {
      streams.forEach(WorkerStream::end);
    }
    divide(pieceSum, 0, count, average);
    return average;
  }

  /** Each group is opened before the one before it is added, so that it is already on its way. */
  private void addGroups(IntFunction<WorkerStream> open, int group) {
    for (int i = 0; i < vectors.size(); i++) {
      sums.add(new double[slice.length()]);
    }
    int half = Math.max(1, group / 2);
    while (streams.size() < Math.min(half, workers)) {
      streams.add(open.apply(streams.size()));
    }
    for (int first = 0; first < workers; first += half) {
      while (streams.size() < Math.min(first + 2 * half, workers)) {
        streams.add(open.apply(streams.size()));
      }
      addGroup(streams.subList(first, Math.min(first + half, workers)));
    }
  }

  private void addGroup(List<WorkerStream> group) {
    for (int vector = 0; vector < vectors.size(); vector++) {
      beginVector(group, vector);
      for (int from = 0; from < slice.length(); from += Pieces.LONGEST) {
        for (WorkerStream stream : group) {
          add(stream, sums.get(vector), from, Pieces.length(slice, from));
        }
      }
    }
    group.forEach(WorkerStream::end);
  }

  private void beginVector(List<WorkerStream> group, int vector) {
    group.forEach(stream -> stream.next(slice, vectors.get(vector)));
  }

  private void add(WorkerStream stream, double[] sum, int from, int count) {
    stream.read(bytes, count * Float.BYTES);
    floats.clear().get(values, 0, count);
    for (int i = 0; i < count; i++) {
      sum[from + i] += values[i];
    }
  }

  private void divide(double[] sum, int from, int count, byte[] average) {
    if (Integer.bitCount(workers) == 1) {
      double share =
          1.0 / workers; // A power of two: multiplying gives the quotient's bits, sooner.
      for (int i = 0; i < count; i++) {
        values[i] = (float) (sum[from + i] * share);
      }
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = (float) (sum[from + i] / workers);
      }
    }
    Pieces.floats(average).put(values, 0, count);
  }
}
