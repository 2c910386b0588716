package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.util.AccumulatorV2;

/**
 * Collects how long the workers of a round spent in each phase. An accumulator, because a task's
 * last phase, writing for the shuffle, ends when nothing can be added to its output any more; and
 * because Spark merges accumulators at the driver before a job counts as done.
 *
 * <p>Clocks of different machines are never compared: the driver's clock says how long the workers
 * took together, the workers' clocks how that splits.
 */
final class PhaseClock extends AccumulatorV2<PhaseClock.Spent, Map<Phase, Double>> {
  private static final long serialVersionUID = 1L;

  /**
   * Never changed once it is here, since heartbeats send it while the task goes on. Null before the
   * first time is added: heartbeats find a task's accumulator before this field has been read from
   * the closure, and one that fails is an executor's last.
   */
  private volatile Map<Phase, Double> seconds;

  private transient long lastWorkerNanos;

  /** Time spent by one worker. */
  record Spent(Phase phase, double seconds) implements Serializable {}

  @Override
  public void add(Spent spent) {
    EnumMap<Phase, Double> more = new EnumMap<>(Phase.class);
    more.putAll(value());
    more.merge(spent.phase(), spent.seconds(), Double::sum);
    seconds = Collections.unmodifiableMap(more);
  }

  @Override
  public void merge(AccumulatorV2<Spent, Map<Phase, Double>> worker) {
    worker.value().forEach((phase, spent) -> add(new Spent(phase, spent)));
    lastWorkerNanos = System.nanoTime();
  }

  /**
   * The wall time of the round, split into phases that add up to it. Workers that waited for a free
   * core count like those that did not: the time until the last of them was done is split as the
   * sum of their times splits.
   *
   * @param begin of the round, by {@link System#nanoTime}
   * @param end of the round
   */
  EnumMap<Phase, Double> wallSeconds(long begin, long end) {
    Map<Phase, Double> spent = value();
    double together = spent.values().stream().mapToDouble(Double::doubleValue).sum();
    double scale = together > 0 ? (lastWorkerNanos - begin) / 1e9 / together : 0;
    EnumMap<Phase, Double> wall = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      wall.put(phase, spent.getOrDefault(phase, 0.0) * scale);
    }
    wall.put(Phase.AVERAGE, (end - (together > 0 ? lastWorkerNanos : begin)) / 1e9);
    return wall;
  }

  @Override
  public Map<Phase, Double> value() {
    Map<Phase, Double> latest = seconds;
    return latest == null ? Map.of() : latest;
  }

  @Override
  public boolean isZero() {
    return value().isEmpty();
  }

  @Override
  public PhaseClock copy() {
    PhaseClock copy = new PhaseClock();
    copy.seconds = seconds;
    return copy;
  }

  @Override
  public void reset() {
    seconds = null;
  }
}
