package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.latte4j.spark.LocalSpark;

class AveragingBenchmarkTest {
  private static final EnumSet<StateVector> PARAMETERS = EnumSet.of(StateVector.PARAMETERS);

  @Test
  void aResultSaysMinimumMedianMaximumAndRate() {
    AveragingTimes times =
        new AveragingTimes(
            33_000_000, 2, PARAMETERS, List.of(3.0, 1.0, 2.0, 1.5, 1.2), 250_000_000);
    assertThat(times.line("average"))
        .isEqualTo(
            "average 33000000 floats 2 workers: runs 5 min 1.000 median 1.500 max 3.000 s,"
                + " 88 MB/s of model, 45.5 ns a float, driver heap at most 250 MB");
  }

  @Test
  void roundsAreTimedAfterWarmingUp() {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      AveragingBenchmark benchmark = new AveragingBenchmark(spark, 2_000_001, 2, PARAMETERS);
      assertThat(benchmark.run(2, 3).timings())
          .matches(timings -> timings.runs() == 3 && timings.min() > 0);
      assertThatThrownBy(() -> benchmark.run(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theSameStateIsTimedThroughTheDriver() {
    try (JavaSparkContext spark = LocalSpark.start("local[2]")) {
      AveragingTimes times = new BroadcastBenchmark(spark, 2_000_001, 3, PARAMETERS).run(2);
      assertThat(times.timings().runs()).isEqualTo(2);
      assertThat(times.driverHeapPeak()).isGreaterThan(2L * 4 * 2_000_001);
    }
  }

  @Test
  void aStateThatNoArrayHoldsCannotGoThroughTheDriver() {
    assertThatThrownBy(() -> new BroadcastBenchmark(null, 1L << 30, 2, PARAMETERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("do not fit");
  }
}
