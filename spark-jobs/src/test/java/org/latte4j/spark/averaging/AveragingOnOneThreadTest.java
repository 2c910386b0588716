package org.latte4j.spark.averaging;

import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.latte4j.spark.LocalSpark;

class AveragingOnOneThreadTest {
  @Test
  void oneThreadGivesTheBitsOfTheSequentialReference() {
    SlicePlan plan = SlicePlan.withTarget(PlainNetwork.TENSORS, 200);
    try (JavaSparkContext spark = LocalSpark.start("local[1]");
        AveragingRounds<PlainNetwork> rounds =
            AveragingRounds.of(spark, new PlainSteps(4), plan, PlainSteps::fill)
                .workers(3)
                .emaDecay(0.99)
                .start()) {
      for (int i = 0; i < 3; i++) {
        rounds.advance();
      }
      GatheredState.assertSameBits(
          GatheredState.of(rounds.state()), SequentialAveraging.train(3, 4, 3, 0.99));
    }
  }
}
