package org.latte4j.model.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
  @Test
  void everySizeUpToThreeHundredGivesABijection() {
    for (int size = 1; size <= 300; size++) {
      assertBijection(Permutation.of(size, size, Purpose.ORDER));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1023, 1024, 1025, 4095, 4097, 65_536, 100_003})
  void largerSizesGiveABijection(int size) {
    assertBijection(Permutation.of(size, 9, Purpose.ORDER, 2));
  }

  private static void assertBijection(Permutation permutation) {
    BitSet seen = new BitSet();
    for (long i = 0; i < permutation.size(); i++) {
      long element = permutation.at(i);
      assertThat(element).isBetween(0L, permutation.size() - 1);
      seen.set((int) element);
    }
    assertThat(seen.cardinality()).isEqualTo((int) permutation.size());
  }

  @Test
  void hugeSizesStayInRangeAndDoNotRepeat() {
    long size = (1L << 40) - 3;
    Permutation permutation = Permutation.of(size, 1, Purpose.ORDER);
    Set<Long> seen = new HashSet<>();
    for (long i = 0; i < 50_000; i++) {
      seen.add(permutation.at(i));
      seen.add(permutation.at(size - 1 - i));
    }
    assertThat(seen).hasSize(100_000).allMatch(element -> element >= 0 && element < size);
  }

  @Test
  void largestSizeWorks() {
    Permutation permutation = Permutation.of(1L << 62, 1, Purpose.ORDER);
    assertThat(permutation.at((1L << 62) - 1)).isBetween(0L, (1L << 62) - 1);
  }

  @Test
  void everyOrderOfFourElementsIsEquallyLikely() {
    int draws = 48_000;
    Map<List<Long>, Integer> counts = new HashMap<>();
    for (int epoch = 0; epoch < draws; epoch++) {
      Permutation permutation = Permutation.of(4, 0, Purpose.ORDER, epoch);
      List<Long> order = LongStream.range(0, 4).map(permutation::at).boxed().toList();
      counts.merge(order, 1, Integer::sum);
    }
    double expected = draws / 24.0;
    double chiSquare =
        counts.values().stream().mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertThat(counts).hasSize(24);
    // 23 degrees of freedom: 64 is exceeded once in 100,000.
    assertThat(chiSquare).isLessThan(64);
  }

  @Test
  void neighboursAreScattered() {
    long size = 10_000;
    Permutation permutation = Permutation.of(size, 3, Purpose.ORDER);
    long ascents =
        LongStream.range(1, size).filter(i -> permutation.at(i) > permutation.at(i - 1)).count();
    // Half of 9,999, with deviation sqrt(10,001 / 12) = 28.9.
    assertThat(ascents).isBetween(4_855L, 5_145L);
  }

  @Test
  void elementsNeverChangeBetweenVersions() {
    Permutation permutation = Permutation.of(1000, 42, Purpose.ORDER, 5);
    assertThat(LongStream.range(0, 8).map(permutation::at))
        .containsExactly(730L, 523L, 756L, 531L, 761L, 806L, 301L, 8L);
  }

  @Test
  void epochsHaveDifferentOrders() {
    Permutation first = Permutation.of(1000, 42, Purpose.ORDER, 0);
    Permutation second = Permutation.of(1000, 42, Purpose.ORDER, 1);
    assertThat(LongStream.range(0, 1000).filter(i -> first.at(i) == second.at(i)).count())
        .isLessThan(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, (1L << 62) + 1})
  void sizesOutOfRangeAreRefused(long size) {
    assertThatThrownBy(() -> Permutation.of(size, 0, Purpose.ORDER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(size));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 10})
  void indicesOutsideTheRangeAreRefused(long index) {
    Permutation permutation = Permutation.of(10, 0, Purpose.ORDER);
    assertThatThrownBy(() -> permutation.at(index))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining(String.valueOf(index));
  }
}
