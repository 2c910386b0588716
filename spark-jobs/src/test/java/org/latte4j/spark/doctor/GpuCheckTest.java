package org.latte4j.spark.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.latte4j.spark.device.NvidiaSmi;
import org.latte4j.spark.doctor.Finding.Level;

class GpuCheckTest {
  private static final String A10 = "0, GPU-1, NVIDIA A10, 8.6, 23028, 22000, 535.161.07\n";
  private static final String H100 =
      "1, GPU-2, NVIDIA H100 80GB HBM3, 9.0, 81559, 81000, 550.54.15\n";

  @Test
  void cudaBuildUsesASupportedGpu() throws IOException {
    assertThat(judge(true, A10))
        .singleElement()
        .matches(finding -> finding.level() == Level.FINE && finding.text().endsWith(": used"));
  }

  @Test
  void cpuBuildSaysHowToUseAGpu() throws IOException {
    assertThat(judge(false, A10))
        .singleElement()
        .matches(finding -> finding.level() == Level.WARNING)
        .matches(finding -> finding.remedy().contains("LATTE_BACKEND=cuda"));
  }

  @Test
  void gpuTooNewForTheCudaBuildMakesItUnusable() throws IOException {
    assertThat(judge(true, H100))
        .singleElement()
        .matches(finding -> finding.level() == Level.UNUSABLE)
        .matches(finding -> finding.text().contains("no code for 9.0"));
    assertThat(judge(false, H100).get(0).level()).isEqualTo(Level.FINE);
  }

  @Test
  void eachGpuIsJudged() throws IOException {
    assertThat(judge(true, A10 + H100)).hasSize(2);
  }

  @Test
  void oldDriverThatHidesTheCapabilityIsAWarning() throws IOException {
    assertThat(judge(true, "0, GPU-3, Tesla K80, [N/A], 11441, 11000, 390.1\n").get(0).level())
        .isEqualTo(Level.WARNING);
  }

  @Test
  void cudaBuildWithoutAGpuIsUnusable() throws IOException {
    assertThat(judge(true, "").get(0).level()).isEqualTo(Level.UNUSABLE);
    assertThat(judge(false, "").get(0).level()).isEqualTo(Level.FINE);
  }

  private static List<Finding> judge(boolean cuda, String table) throws IOException {
    return new GpuCheck(cuda).judge(NvidiaSmi.parse(table));
  }
}
