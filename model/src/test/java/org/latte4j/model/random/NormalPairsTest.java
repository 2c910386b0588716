package org.latte4j.model.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalPairsTest {
  private static final long KEY = 1;
  private static final long STREAM = 2;

  /**
   * Angles just above pi / 4: among 1.9 billion pairs, the kind that comes out otherwise if it is
   * not computed again.
   */
  @ParameterizedTest
  @ValueSource(longs = {53_836_650, 76_802_280, 198_643_243, 323_030_903})
  void rarePairsHaveTheBitsOfStrictMath(long counter) {
    int[] block = {(int) counter, (int) (counter >>> 32), (int) STREAM, 0};
    Philox.encrypt(block, KEY);
    double radicand = 1 - RandomStream.uniform(Philox.pair(block, 0));
    double angle = 2 * Math.PI * RandomStream.uniform(Philox.pair(block, 2));
    double radius = Math.sqrt(-2 * StrictMath.log(radicand));

    double[] pair = new NormalPairs().draw(KEY, STREAM, counter, 1);

    assertThat(pair[0]).isEqualTo(radius * StrictMath.cos(angle));
    assertThat(pair[1]).isEqualTo(radius * StrictMath.sin(angle));
  }
}
