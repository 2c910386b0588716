package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KernelsChoiceTest {
  @Test
  void cpuWithVectorApiGetsVectorKernels() {
    assertThat(KernelsChoice.of(true, true)).isEqualTo(KernelsChoice.VECTOR);
  }

  @Test
  void otherBackendsGetPortableKernels() {
    assertThat(KernelsChoice.of(false, true)).isEqualTo(KernelsChoice.PORTABLE_FOR_BACKEND);
  }

  @Test
  void jvmWithoutVectorApiIsToldHowToGetIt() {
    KernelsChoice choice = KernelsChoice.of(true, false);
    assertThat(choice).isEqualTo(KernelsChoice.PORTABLE_WITHOUT_VECTOR_API);
    assertThat(choice.reason()).contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void theTestsRunOnVectorKernels() {
    try (Kernels kernels = KernelsChoice.forBackend(2)) {
      assertThat(kernels).isInstanceOf(VectorKernels.class);
    }
  }
}
