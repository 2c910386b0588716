package org.latte4j.spark.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicePlanTest {
  @Test
  void slicesHoldWholeTensorsWithoutGapsUpToTheTarget() {
    SlicePlan plan = SlicePlan.withTarget(tensors(10, 10, 10, 15, 30, 1), 100);
    assertThat(plan.slices())
        .containsExactly(
            new Slice(0, 0, 20, 0, 2),
            new Slice(1, 20, 25, 2, 2),
            new Slice(2, 45, 30, 4, 1),
            new Slice(3, 75, 1, 5, 1));
    assertThat(plan.length()).isEqualTo(76);
  }

  @Test
  void aTensorAboveTheTargetIsASliceOfItsOwn() {
    SlicePlan plan = SlicePlan.withTarget(tensors(5, 1000, 5), 100);
    assertThat(plan.slices()).extracting(Slice::length).containsExactly(5, 1000, 5);
    assertThat(plan.tensorsOf(plan.slices().get(1)))
        .extracting(ParameterTensor::name)
        .containsExactly("t1");
  }

  @Test
  void everyWorkerHasTwoSlicesToAverageUntilTheyGrowTooLarge() {
    SlicePlan plan = SlicePlan.forWorkers(tensors(IntStream.range(0, 128).map(i -> 4096)), 4);
    assertThat(plan.slices()).hasSize(8).allMatch(slice -> slice.bytes() == 256 << 10);
    SlicePlan large = SlicePlan.forWorkers(tensors(IntStream.range(0, 64).map(i -> 1 << 20)), 3);
    assertThat(large.slices()).hasSize(12).allMatch(slice -> slice.bytes() <= 24 << 20);
  }

  @Test
  void aSmallModelIsCutIntoFewSlices() {
    SlicePlan plan = SlicePlan.forWorkers(tensors(IntStream.range(0, 100).map(i -> 400)), 8);
    assertThat(plan.slices()).hasSize(2).allMatch(slice -> slice.length() == 20_000);
  }

  @Test
  void cutsLieNextToEqualShares() {
    SlicePlan plan =
        SlicePlan.forWorkers(tensors(60_000, 10_000, 50_000, 40_000, 30_000, 50_000), 2);
    assertThat(plan.slices())
        .containsExactly(
            new Slice(0, 0, 60_000, 0, 1),
            new Slice(1, 60_000, 60_000, 1, 2),
            new Slice(2, 120_000, 70_000, 3, 2),
            new Slice(3, 190_000, 50_000, 5, 1));
  }

  @Test
  void offsetsGoBeyondTwoToThe31() {
    SlicePlan plan = SlicePlan.forWorkers(tensors(IntStream.range(0, 5).map(i -> 500_000_000)), 2);
    assertThat(plan.length()).isEqualTo(2_500_000_000L);
    assertThat(plan.slices().get(4).offset()).isEqualTo(2_000_000_000L);
  }

  @Test
  void aTensorThatNoArrayHoldsIsRefused() {
    assertThatThrownBy(() -> new ParameterTensor("embedding", List.of(1 << 16, 1 << 15)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("embedding");
  }

  private static List<ParameterTensor> tensors(int... lengths) {
    return tensors(IntStream.of(lengths));
  }

  private static List<ParameterTensor> tensors(IntStream lengths) {
    int[] all = lengths.toArray();
    return IntStream.range(0, all.length)
        .mapToObj(i -> new ParameterTensor("t" + i, List.of(all[i])))
        .toList();
  }
}
