package org.latte4j.spark.averaging;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.latte4j.spark.bench.Timings;

/**
 * What timed rounds of averaging took.
 *
 * @param floats parameters of the model
 * @param workers logical workers
 * @param vectors vectors moved
 * @param timings of the timed rounds
 * @param driverHeapPeak bytes in use on the driver's heap at most, garbage included
 */
public record AveragingTimes(
    long floats, int workers, EnumSet<StateVector> vectors, Timings timings, long driverHeapPeak) {
  /** Copies the set. */
  public AveragingTimes {
    vectors = EnumSet.copyOf(vectors);
  }

  AveragingTimes(
      long floats,
      int workers,
      EnumSet<StateVector> vectors,
      List<Double> seconds,
      long driverHeapPeak) {
    this(
        floats,
        workers,
        vectors,
        Timings.of(seconds.stream().mapToDouble(Double::doubleValue).toArray()),
        driverHeapPeak);
  }

  /** Bytes of the model's parameters (10^6) averaged in a second, by the median round. */
  public double megabytesOfModelPerSecond() {
    return floats * 4e-6 / timings.median();
  }

  /** The median round's time for each parameter of the model. */
  public double nanosecondsPerFloat() {
    return timings.median() * 1e9 / floats;
  }

  /**
   * One line for people.
   *
   * @param way how the state was averaged
   */
  public String line(String way) {
    return String.format(
        Locale.ROOT,
        "%s %d floats %d workers%s: %s, %.0f MB/s of model, %.1f ns a float,"
            + " driver heap at most %.0f MB",
        way,
        floats,
        workers,
        vectors.size() == 1 ? "" : " with Adam's state",
        timings,
        megabytesOfModelPerSecond(),
        nanosecondsPerFloat(),
        driverHeapPeak / 1e6);
  }
}
