package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/**
 * Averages the workers' values of the slices of a partition, which come sorted by slice, vector and
 * worker; passes their metrics on.
 *
 * <p>Defined to the bit: the average of one value is {@code (float) (sum / workers)}, the sum in
 * double precision from 0.0 in worker order.
 */
final class AverageSlices
    implements FlatMapFunction<Iterator<Tuple2<BlockKey, Block>>, Tuple2<BlockKey, Block>> {
  private static final long serialVersionUID = 1L;
  private static final int PIECE = 4096;

  private final SlicePlan plan;
  private final int workers;

  AverageSlices(SlicePlan plan, int workers) {
    this.plan = plan;
    this.workers = workers;
  }

  @Override
  public Iterator<Tuple2<BlockKey, Block>> call(Iterator<Tuple2<BlockKey, Block>> sorted) {
    List<Tuple2<BlockKey, Block>> averaged = new ArrayList<>();
    double[] sum = new double[0];
    float[] piece = new float[PIECE];
    int expected = 0;
    while (sorted.hasNext()) {
      Tuple2<BlockKey, Block> next = sorted.next();
      BlockKey key = next._1;
      if (key.isMetrics()) {
        averaged.add(next);
        continue;
      }
      Slice slice = plan.slices().get(key.slice());
      if (key.worker() != expected || next._2.bytes().length != slice.bytes()) {
        throw new IllegalStateException(
            "%s has %d bytes; %d of worker %d were due"
                .formatted(key, next._2.bytes().length, slice.bytes(), expected));
      }
      if (expected == 0) {
        if (sum.length < slice.length()) {
          sum = new double[slice.length()];
        } else {
          Arrays.fill(sum, 0);
        }
      }
      add(next._2.floats(), sum, piece);
      expected = (expected + 1) % workers;
      if (expected == 0) {
        Block average = Block.zeros(slice);
        divide(sum, average.floats(), piece);
        averaged.add(new Tuple2<>(BlockKey.averaged(slice, key.vector()), average));
      }
    }
    if (expected != 0) {
      throw new IllegalStateException("worker %d emitted no slices".formatted(expected));
    }
    return averaged.iterator();
  }

  private static void add(FloatBuffer values, double[] sum, float[] piece) {
    for (int from = 0; values.hasRemaining(); ) {
      int count = Math.min(PIECE, values.remaining());
      values.get(piece, 0, count);
      for (int i = 0; i < count; i++) {
        sum[from + i] += piece[i];
      }
      from += count;
    }
  }

  private void divide(double[] sum, FloatBuffer average, float[] piece) {
    for (int from = 0; average.hasRemaining(); ) {
      int count = Math.min(PIECE, average.remaining());
      for (int i = 0; i < count; i++) {
        piece[i] = (float) (sum[from + i] / workers);
      }
      average.put(piece, 0, count);
      from += count;
    }
  }
}
