package org.latte4j.spark.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.latte4j.spark.EnvironmentException;

class CudaOrdinalTest {
  @Test
  void withoutALimitTheAddressIsTheNumber() {
    assertThat(CudaOrdinal.of("3", Map.of())).isEqualTo(3);
  }

  @Test
  void visibleDevicesAreCountedInTheirOrder() {
    Map<String, String> environment = Map.of("CUDA_VISIBLE_DEVICES", "5,2, GPU-8a");
    assertThat(CudaOrdinal.of("5", environment)).isZero();
    assertThat(CudaOrdinal.of("2", environment)).isEqualTo(1);
    assertThat(CudaOrdinal.of("GPU-8a", environment)).isEqualTo(2);
  }

  @Test
  void anAddressThatTheProcessDoesNotSeeIsRefused() {
    assertThatThrownBy(() -> CudaOrdinal.of("0", Map.of("CUDA_VISIBLE_DEVICES", "5,2")))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("GPU 0")
        .hasMessageContaining("5,2");
  }

  @Test
  void aNameWithoutAListIsRefused() {
    assertThatThrownBy(() -> CudaOrdinal.of("GPU-8a", Map.of()))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("bin/gpu-addresses");
  }
}
