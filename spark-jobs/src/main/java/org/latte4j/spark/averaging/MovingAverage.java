package org.latte4j.spark.averaging;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction2;
import scala.Tuple2;

/**
 * Moves the exponential moving average of a partition's slice on to the new average.
 *
 * <p>Defined to the bit: {@code (float) (d * ema + (1 - d) * average)} in double precision, d being
 * the decay over one round: the decay of one step to the power of k steps.
 */
final class MovingAverage
    implements FlatMapFunction2<
        Iterator<Tuple2<BlockKey, Block>>,
        Iterator<Tuple2<BlockKey, Block>>,
        Tuple2<BlockKey, Block>> {
  private static final long serialVersionUID = 1L;
  private static final int PIECE = 4096;

  private final SlicePlan plan;
  private final double decay;

  MovingAverage(SlicePlan plan, double stepDecay, int steps) {
    this.plan = plan;
    this.decay = StrictMath.pow(stepDecay, steps);
  }

  @Override
  public Iterator<Tuple2<BlockKey, Block>> call(
      Iterator<Tuple2<BlockKey, Block>> previous, Iterator<Tuple2<BlockKey, Block>> averaged) {
    List<Tuple2<BlockKey, Block>> moved = new ArrayList<>();
    while (averaged.hasNext()) {
      Tuple2<BlockKey, Block> next = averaged.next();
      if (!next._1.isMetrics() && next._1.vector() == StateVector.PARAMETERS) {
        Slice slice = plan.slices().get(next._1.slice());
        BlockKey key = BlockKey.averaged(slice, StateVector.EMA);
        moved.add(new Tuple2<>(key, move(key, slice, previous, next._2)));
      }
    }
    return moved.iterator();
  }

  private Block move(
      BlockKey key, Slice slice, Iterator<Tuple2<BlockKey, Block>> previous, Block average) {
    Tuple2<BlockKey, Block> before = previous.next();
    if (!before._1.equals(key)) {
      throw new IllegalStateException(
          "the moving average holds %s where %s was due".formatted(before._1, key));
    }
    Block moved = Block.zeros(slice);
    FloatBuffer ema = before._2.floats();
    FloatBuffer now = average.floats();
    FloatBuffer into = moved.floats();
    float[] a = new float[PIECE];
    float[] b = new float[PIECE];
    while (into.hasRemaining()) {
      int count = Math.min(PIECE, into.remaining());
      ema.get(a, 0, count);
      now.get(b, 0, count);
      for (int i = 0; i < count; i++) {
        b[i] = (float) (decay * a[i] + (1 - decay) * b[i]);
      }
      into.put(b, 0, count);
    }
    return moved;
  }
}
