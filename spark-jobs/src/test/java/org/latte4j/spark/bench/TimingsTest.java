package org.latte4j.spark.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimingsTest {
  @Test
  void summaryIsInTheFormOfTheReferencesBenchmarks() {
    assertThat(Timings.of(3, 1, 2)).hasToString("runs 3 min 1.000 median 2.000 max 3.000 s");
  }

  @Test
  void medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    assertThat(Timings.of(4, 1, 2, 3).median()).isEqualTo(2.5);
  }
}
