package org.latte4j.model.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
  private static final int MANY = 1 << 20;

  @Test
  void valuesNeverChangeBetweenVersions() {
    RandomStream stream = RandomStream.of(42, Purpose.NOISE, 7, 3);
    assertThat(stream.nextInt()).isEqualTo(-834299131);
    assertThat(stream.nextLong()).isEqualTo(1358713094082008707L);
    assertThat(stream.below(1000)).isEqualTo(12);
    assertThat(stream.uniform()).isEqualTo(0.03702457985314467);
    assertThat(stream.normal()).isEqualTo(0.6135923678310734);
    assertThat(stream.normal()).isEqualTo(-0.548838006662916);
  }

  @Test
  void purposeCodesNeverChangeBetweenVersions() {
    assertThat(Purpose.values())
        .extracting(purpose -> purpose.name() + " " + purpose.code())
        .containsExactly(
            "INITIALISATION 1",
            "NOISE 2",
            "TIMESTEP 3",
            "LABEL_DROPOUT 4",
            "POSTERIOR 5",
            "CROP 6",
            "FLIP 7",
            "ORDER 8",
            "SAMPLING 9",
            "SPLIT 10",
            "IMAGES 11",
            "BENCHMARK 12");
  }

  @Test
  void equalCoordinatesGiveEqualStreams() {
    RandomStream one = RandomStream.of(5, Purpose.CROP, 1, 2, 3);
    RandomStream other = RandomStream.of(5, Purpose.CROP, 1, 2, 3);
    for (int i = 0; i < 100; i++) {
      assertThat(one.nextLong()).isEqualTo(other.nextLong());
    }
  }

  @Test
  void everyChangeOfSeedPurposeOrCoordinatesGivesAnotherStream() {
    Set<Long> firsts = new HashSet<>();
    int streams = 0;
    for (long seed : new long[] {0, 1, -1, 1L << 32}) {
      for (Purpose purpose : Purpose.values()) {
        for (long[] coordinates : manyCoordinates()) {
          firsts.add(RandomStream.of(seed, purpose, coordinates).nextLong());
          streams++;
        }
      }
    }
    assertThat(firsts).hasSize(streams);
  }

  private static List<long[]> manyCoordinates() {
    List<long[]> all = new ArrayList<>();
    all.add(new long[0]);
    long[] values = {0, 1, 2, 1L << 32, -1};
    for (long a : values) {
      all.add(new long[] {a});
      for (long b : values) {
        all.add(new long[] {a, b});
        for (long c : values) {
          all.add(new long[] {a, b, c});
        }
      }
    }
    return all;
  }

  @Test
  void neighbouringStreamsAreUncorrelated() {
    float[] one = new float[MANY];
    float[] next = new float[MANY];
    RandomStream.of(0, Purpose.NOISE, 0).normals(one);
    RandomStream.of(0, Purpose.NOISE, 1).normals(next);
    assertThat(correlation(one, next)).isCloseTo(0, within(5 / Math.sqrt(MANY)));
  }

  @Test
  void firstValuesOfNeighbouringStreamsAreUncorrelated() {
    float[] values = new float[MANY];
    for (int i = 0; i < MANY; i++) {
      values[i] = (float) RandomStream.of(0, Purpose.TIMESTEP, i).normal();
    }
    float[] shifted = new float[MANY];
    System.arraycopy(values, 1, shifted, 0, MANY - 1);
    assertThat(correlation(values, shifted)).isCloseTo(0, within(5 / Math.sqrt(MANY)));
  }

  private static double correlation(float[] x, float[] y) {
    return IntStream.range(0, x.length).mapToDouble(i -> (double) x[i] * y[i]).average().orElse(1);
  }

  @Test
  void normalsHaveTheMomentsOfTheStandardNormalDistribution() {
    float[] values = new float[MANY];
    RandomStream.of(1, Purpose.NOISE).normals(values);
    assertThat(moment(values, 1)).isCloseTo(0, within(5 * Math.sqrt(1.0 / MANY)));
    assertThat(moment(values, 2)).isCloseTo(1, within(5 * Math.sqrt(2.0 / MANY)));
    assertThat(moment(values, 3)).isCloseTo(0, within(5 * Math.sqrt(15.0 / MANY)));
    assertThat(moment(values, 4)).isCloseTo(3, within(5 * Math.sqrt(96.0 / MANY)));
  }

  private static double moment(float[] values, int order) {
    double sum = 0;
    for (float value : values) {
      sum += Math.pow(value, order);
    }
    return sum / values.length;
  }

  @Test
  void normalsReachIntoTheTails() {
    float[] values = new float[MANY];
    RandomStream.of(2, Purpose.NOISE).normals(values);
    long beyondFour = IntStream.range(0, MANY).filter(i -> Math.abs(values[i]) > 4).count();
    // P(|z| > 4) = 6.334e-5: 66.4 expected, deviation 8.1.
    assertThat(beyondFour).isBetween(26L, 107L);
  }

  @Test
  void normalsDoNotDependOnHowCallsAreSplit() {
    float[] whole = new float[17];
    RandomStream.of(3, Purpose.NOISE).normals(whole);
    float[] parts = new float[17];
    RandomStream stream = RandomStream.of(3, Purpose.NOISE);
    stream.normals(parts, 0, 5);
    stream.normals(parts, 5, 1);
    stream.normals(parts, 6, 11);
    assertThat(parts).isEqualTo(whole);
  }

  /** Rarer branches than these millions meet are NormalPairsTest's. */
  @Test
  void manyNormalsHaveTheBitsOfOneAfterTheOther() {
    double[] many = new double[8 * MANY];
    RandomStream.of(3, Purpose.NOISE, 4).normals(many, 0, many.length);
    RandomStream stream = RandomStream.of(3, Purpose.NOISE, 4);
    for (int i = 0; i < many.length; i++) {
      double one = stream.normal();
      if (Double.doubleToRawLongBits(many[i]) != Double.doubleToRawLongBits(one)) {
        assertThat(many[i]).as("value %d", i).isEqualTo(one);
      }
    }
  }

  @Test
  void manyNormalsGoOnWhereSingleValuesEnded() {
    double[] values = new double[1000];
    for (int first = 0; first < 4; first++) {
      RandomStream whole = RandomStream.of(3, Purpose.NOISE);
      RandomStream parts = RandomStream.of(3, Purpose.NOISE);
      if (first == 3) { // half a counter's words: no pair begins where a counter does
        whole.nextLong();
        parts.nextLong();
      }
      for (int i = 0; i < first; i++) {
        values[i] = parts.normal();
      }
      parts.normals(values, first, 301);
      parts.normals(values, first + 301, values.length - first - 301);
      for (double value : values) {
        assertThat(value).isEqualTo(whole.normal());
      }
      assertThat(parts.nextLong()).isEqualTo(whole.nextLong());
    }
  }

  @Test
  void fillingAPartLeavesTheRestAlone() {
    float[] values = {-1, -1, -1, -1};
    RandomStream.of(3, Purpose.NOISE).uniforms(values, 1, 2);
    assertThat(values[0]).isEqualTo(-1);
    assertThat(values[3]).isEqualTo(-1);
    assertThat(values[1]).isBetween(0f, 1f);
    assertThat(values[2]).isBetween(0f, 1f);
  }

  @Test
  void uniformsFillTheUnitIntervalEvenly() {
    RandomStream stream = RandomStream.of(4, Purpose.NOISE);
    int[] doubles = new int[16];
    for (int i = 0; i < MANY; i++) {
      doubles[(int) (stream.uniform() * 16)]++;
    }
    float[] values = new float[MANY];
    stream.uniforms(values);
    int[] floats = new int[16];
    for (float value : values) {
      floats[(int) (value * 16)]++;
    }
    assertThat(chiSquare(doubles)).isLessThan(50);
    assertThat(chiSquare(floats)).isLessThan(50);
  }

  @Test
  void wholeNumbersBelowABoundAreEquallyLikely() {
    RandomStream stream = RandomStream.of(5, Purpose.TIMESTEP);
    int[] counts = new int[13];
    for (int i = 0; i < MANY; i++) {
      counts[stream.below(13)]++;
    }
    assertThat(chiSquare(counts)).isLessThan(50);
  }

  @Test
  void wholeNumbersBelowALargeBoundAreNotBiased() {
    // 2^32 is 8/3 of it: without rejection, residues 0, 1, 2 would come up as 3 : 3 : 2.
    int bound = 3 << 29;
    RandomStream stream = RandomStream.of(6, Purpose.TIMESTEP);
    int[] counts = new int[3];
    for (int i = 0; i < 300_000; i++) {
      counts[stream.below(bound) % 3]++;
    }
    assertThat(chiSquare(counts)).isLessThan(25);
  }

  private static double chiSquare(int[] counts) {
    double expected = IntStream.of(counts).sum() / (double) counts.length;
    return IntStream.of(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }

  @Test
  void boundOneLeavesOnlyZero() {
    RandomStream stream = RandomStream.of(7, Purpose.CROP);
    assertThat(IntStream.range(0, 100).map(i -> stream.below(1))).containsOnly(0);
  }

  @Test
  void boundBelowOneIsRefused() {
    RandomStream stream = RandomStream.of(7, Purpose.CROP);
    assertThatThrownBy(() -> stream.below(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  @Test
  void chanceComesTrueAsOftenAsItSays() {
    RandomStream stream = RandomStream.of(8, Purpose.LABEL_DROPOUT);
    long hits = IntStream.range(0, MANY).filter(i -> stream.chance(0.1)).count();
    assertThat(hits / (double) MANY).isCloseTo(0.1, within(5 * Math.sqrt(0.09 / MANY)));
    assertThat(stream.chance(1)).isTrue();
    assertThat(stream.chance(0)).isFalse();
  }

  @Test
  void probabilityOutsideTheUnitIntervalIsRefused() {
    RandomStream stream = RandomStream.of(8, Purpose.LABEL_DROPOUT);
    assertThatThrownBy(() -> stream.chance(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0, 1]");
  }
}
