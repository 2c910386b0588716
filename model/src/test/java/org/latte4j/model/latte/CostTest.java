package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.VectorKernels;
import org.latte4j.model.latte.LattePlan.Purpose;

/** Against the paper's figures, and against what networks take when they are made. */
class CostTest {
  private static final LatentShape LATENT = new LatentShape(16, 4, 32, 32);

  private static LatteConfiguration xl2(int variant, int depth) {
    return new LatteConfiguration(
        depth, 1152, 16, 2, LATENT, 0, Architecture.REFERENCE.with(Variant.of(variant)));
  }

  @ParameterizedTest
  @CsvSource({"1, 28", "2, 28"})
  void variants1And2OfXl2HaveTheReferencesParameters(int variant, int depth) {
    assertThat(Cost.of(xl2(variant, depth), LattePlan.inference(1)).parameters())
        .isEqualTo(673_681_568L);
  }

  @ParameterizedTest
  @CsvSource({"3, 23, 676.33e6", "4, 23, 676.44e6"})
  void variants3And4OfXl2HaveThePapersParameters(int variant, int depth, double published) {
    assertThat((double) Cost.of(xl2(variant, depth), LattePlan.inference(1)).parameters())
        .isCloseTo(published, within(2e-4 * published));
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void multiplyAddsOfXl2ArePublished(int variant) {
    Cost cost = Cost.of(xl2(variant, 28), LattePlan.inference(1));
    assertThat(cost.publishedMultiplyAdds() / 1e9).isCloseTo(1857.6, within(0.05));
  }

  @Test
  void attentionOfVariant1CountsSpaceAndTime() {
    Cost cost = Cost.of(xl2(1, 28), LattePlan.inference(3));
    long spatial = 14L * 2 * 16 * 256 * 256 * 1152;
    long temporal = 14L * 2 * 256 * 16 * 16 * 1152;
    assertThat(cost.attentionMultiplyAdds()).isEqualTo(3 * (spatial + temporal));
  }

  static List<Architecture> architectures() {
    return TinyLatte.architectures();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void bufferBytesAreThoseOfTheVectorKernels(Architecture architecture) {
    LatteConfiguration configuration = TinyLatte.deep(architecture);
    for (Purpose purpose : Purpose.values()) {
      LattePlan plan = new LattePlan(2, 0, purpose);
      try (Kernels kernels = VectorKernels.withThreads(1);
          Arena arena = kernels.arena()) {
        int length = Math.toIntExact(new ParameterLayout(configuration).length());
        Tensor flat = arena.allocate(length);
        try (Latte latte = new Latte(kernels, configuration, plan, flat, flat)) {
          assertThat(Cost.of(configuration, plan).bufferBytes()).isEqualTo(latte.bytes());
        }
      }
    }
  }

  @Test
  void checkpointingSavesMostOfTheActivations() {
    LatteConfiguration s2 = new LatteConfiguration(12, 384, 6, 2, LATENT, 0);
    LattePlan plan = LattePlan.training(1);
    long whole = Cost.of(s2, plan).bufferBytes();
    long checkpointed = Cost.of(s2, plan.with(Purpose.CHECKPOINTED_TRAINING)).bufferBytes();
    assertThat((double) checkpointed / whole).isBetween(0.15, 0.3);
  }
}
