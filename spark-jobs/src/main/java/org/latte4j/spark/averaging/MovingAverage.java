package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction2;

/**
 * Moves the exponential moving average of a partition's slice on to the new average, piece by
 * piece, and passes the round's metrics on.
 *
 * <p>Defined to the bit: {@code (float) (d * ema + (1 - d) * average)} in double precision, d being
 * the decay over one round ({@link EmaDecay}).
 */
final class MovingAverage
    extends AbstractFunction2<
        scala.collection.Iterator<byte[]>,
        scala.collection.Iterator<byte[]>,
        scala.collection.Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final SlicePlan plan;
  private final double decay;

  MovingAverage(SlicePlan plan, double roundDecay) {
    this.plan = plan;
    this.decay = roundDecay;
  }

  /**
   * @param previous metrics, then the pieces of the moving average
   * @param averaged metrics, then the pieces of the parameters, then those of other vectors
   */
  @Override
  public scala.collection.Iterator<byte[]> apply(
      scala.collection.Iterator<byte[]> previous, scala.collection.Iterator<byte[]> averaged) {
    return JavaConverters.asScalaIterator(
        call(JavaConverters.asJavaIterator(previous), JavaConverters.asJavaIterator(averaged)));
  }

  private Iterator<byte[]> call(Iterator<byte[]> previous, Iterator<byte[]> averaged) {
    int pieces = Pieces.count(plan.slices().get(TaskContext.getPartitionId()));
    previous.next();
    return new Iterator<>() {
      private final float[] ema = new float[Pieces.LONGEST];
      private final float[] now = new float[Pieces.LONGEST];
      private final double[] sum = new double[Pieces.LONGEST];
      private int next = -1;

      @Override
      public boolean hasNext() {
        if (next < pieces) {
          return true;
        }
        // What is read to its end is closed at once.
        previous.forEachRemaining(piece -> {});
        averaged.forEachRemaining(piece -> {});
        return false;
      }

      @Override
      public byte[] next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return next++ < 0 ? averaged.next() : move(previous.next(), averaged.next());
      }

      private byte[] move(byte[] before, byte[] average) {
        if (before.length != average.length) {
          throw new IllegalStateException(
              "a piece of the moving average has %d bytes, and %d of the average"
                  .formatted(before.length, average.length));
        }
        int count = average.length / Float.BYTES;
        Pieces.floats(before).get(ema, 0, count);
        Pieces.floats(average).get(now, 0, count);
        blend(ema, now, sum, count, decay);
        byte[] moved = new byte[average.length];
        Pieces.floats(moved).put(now, 0, count);
        return moved;
      }
    };
  }

  /** In loops that the JIT compiler vectorises: as a single loop this takes three times as long. */
  private static void blend(float[] ema, float[] now, double[] sum, int count, double decay) {
    double rest = 1 - decay;
    for (int i = 0; i < count; i++) {
      sum[i] = decay * ema[i];
    }
    for (int i = 0; i < count; i++) {
      sum[i] += rest * now[i];
    }
    for (int i = 0; i < count; i++) {
      now[i] = (float) sum[i];
    }
  }
}
