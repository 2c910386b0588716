package org.latte4j.spark.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.spark.doctor.Finding.Level;

class GpuCheckTest {
  private static final String A10 = "NVIDIA A10, 8.6, 23028 MiB, 535.161.07\n";
  private static final String H100 = "NVIDIA H100 80GB HBM3, 9.0, 81559 MiB, 550.54.15\n";

  @ParameterizedTest
  @ValueSource(strings = {"3.7", "5.3", "7.2", "8.0", "8.6", "8.7", "8.9"})
  void codeForAnEarlierMinorVersionRunsOnALaterOne(String capability) {
    assertThat(ComputeCapability.parse(capability).supported()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.5", "9.0", "10.0", "12.0"})
  void otherMajorAndOlderMinorVersionsHaveNoCode(String capability) {
    assertThat(ComputeCapability.parse(capability).supported()).isFalse();
  }

  @Test
  void cudaBuildUsesASupportedGpu() {
    assertThat(new GpuCheck(true).judge(A10))
        .singleElement()
        .matches(finding -> finding.level() == Level.FINE && finding.text().endsWith(": used"));
  }

  @Test
  void cpuBuildSaysHowToUseAGpu() {
    assertThat(new GpuCheck(false).judge(A10))
        .singleElement()
        .matches(finding -> finding.level() == Level.WARNING)
        .matches(finding -> finding.remedy().contains("LATTE_BACKEND=cuda"));
  }

  @Test
  void gpuTooNewForTheCudaBuildMakesItUnusable() {
    assertThat(new GpuCheck(true).judge(H100))
        .singleElement()
        .matches(finding -> finding.level() == Level.UNUSABLE)
        .matches(finding -> finding.text().contains("no code for 9.0"));
    assertThat(new GpuCheck(false).judge(H100).get(0).level()).isEqualTo(Level.FINE);
  }

  @Test
  void eachGpuIsJudged() {
    assertThat(new GpuCheck(true).judge(A10 + H100)).hasSize(2);
  }

  @Test
  void oldDriverThatHidesTheCapabilityIsAWarning() {
    assertThat(new GpuCheck(true).judge("Tesla K80, [N/A], 11441 MiB, 390.1\n").get(0).level())
        .isEqualTo(Level.WARNING);
  }

  @Test
  void cudaBuildWithoutAGpuIsUnusable() {
    assertThat(new GpuCheck(true).judge("").get(0).level()).isEqualTo(Level.UNUSABLE);
    assertThat(new GpuCheck(false).judge("").get(0).level()).isEqualTo(Level.FINE);
  }
}
