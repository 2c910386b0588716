package org.latte4j.spark.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final long GIB = 1L << 30;
  private static final ReplicaMemory TEN_GIB = new ReplicaMemory(1L << 29, 8 * GIB, 2 * GIB);

  @Test
  void executorsWithEnoughAreFine() {
    assertThat(cluster(2).problems(List.of(cpu("a:1", 0, 40 * GIB), gpu("8.6", true, 20 * GIB))))
        .isEmpty();
  }

  @Test
  void aCardWithoutCodeIsRefusedByNameWithHostAndRemedy() {
    assertThat(cluster(1).problems(List.of(gpu("9.0", false, 70 * GIB))))
        .singleElement()
        .asString()
        .startsWith("node7, gpu 3, NVIDIA X: compute capability 9.0")
        .contains("3.7 to 8.6")
        .contains("or the CPU build");
  }

  @Test
  void aCardWithTooLittleMemoryIsRefusedWithTheFigures() {
    assertThat(cluster(1).problems(List.of(gpu("8.6", true, 9 * GIB))))
        .singleElement()
        .asString()
        .contains("9.00 GiB free")
        .contains("10.00 GiB")
        .contains("536,870,912 parameters")
        .contains("train.micro-batch");
  }

  @Test
  void aCardOfUnknownMemoryAndCapabilityIsTried() {
    assertThat(cluster(1).problems(List.of(gpu("", true, 0)))).isEmpty();
  }

  @Test
  void theCudaBuildNeedsGpusFromSparkExceptInTheDriversProcess() {
    ExecutorReport report = report("a:1", "a", "cpu", true, "", "", true, 0, 0, 40 * GIB);
    assertThat(cluster(1).problems(List.of(report)))
        .singleElement()
        .asString()
        .contains("spark.task.resource.gpu.amount = 1");
    assertThat(new Judgement(TEN_GIB, 1, true).problems(List.of(report))).isEmpty();
  }

  @Test
  void theCpuBuildLeavesNoGpuIdle() {
    ExecutorReport report = report("a:1", "a", "gpu 0", false, "", "", true, 0, 0, 40 * GIB);
    assertThat(cluster(1).problems(List.of(report)))
        .singleElement()
        .asString()
        .contains("reserves gpu 0")
        .contains("-Pcuda");
  }

  @Test
  void javaCppsLimitCountsForAllTasksOfAnExecutor() {
    List<ExecutorReport> reports = List.of(cpu("a:1", 15 * GIB, 100 * GIB));
    assertThat(cluster(1).problems(reports)).isEmpty();
    assertThat(cluster(2).problems(reports))
        .singleElement()
        .asString()
        .contains("2 networks in training need about 20.00 GiB")
        .contains("leaves 15.00 GiB")
        .contains("org.bytedeco.javacpp.maxbytes");
  }

  @Test
  void executorsOfOneMachineShareItsMemory() {
    assertThat(cluster(1).problems(List.of(cpu("a:1", 0, 15 * GIB), cpu("a:2", 0, 14 * GIB))))
        .singleElement()
        .asString()
        .startsWith("a: 2 networks")
        .contains("has 14.00 GiB left");
  }

  @Test
  void aBackendThatDoesNotStartIsNamedOnceForEveryDevice() {
    ExecutorReport broken =
        report("a:1", "a", "cpu", false, "no libnd4j", "", true, 0, 0, 40 * GIB);
    assertThat(cluster(1).problems(List.of(broken, broken)))
        .containsExactly(
            "a: ND4J does not start: no libnd4j. bin/latte doctor on that machine says more");
  }

  @Test
  void memoryIsReadFromTheSystemAndTheControlGroup() {
    assertThat(HostMemory.machine("MemFree: 1 kB\nMemAvailable:    2048 kB\n")).isEqualTo(2 << 20);
    assertThat(HostMemory.machine("")).isEqualTo(Long.MAX_VALUE);
    assertThat(HostMemory.container("4096\n", "1024\n")).isEqualTo(3072);
    assertThat(HostMemory.container("max\n", "1024\n")).isEqualTo(Long.MAX_VALUE);
    assertThat(HostMemory.container("", "")).isEqualTo(Long.MAX_VALUE);
    assertThat(HostMemory.availableBytes()).isBetween(1L << 20, 1L << 50);
  }

  private static Judgement cluster(int replicasPerExecutor) {
    return new Judgement(TEN_GIB, replicasPerExecutor, false);
  }

  private static ExecutorReport cpu(String executor, long limit, long available) {
    String host = executor.replaceFirst(":.*", "");
    return report(executor, host, "cpu", false, "", "", true, 0, limit, available);
  }

  private static ExecutorReport gpu(String capability, boolean supported, long free) {
    return report("node7:1", "node7", "gpu 3", true, "", capability, supported, free, 0, 100 * GIB);
  }

  private static ExecutorReport report(
      String executor,
      String host,
      String device,
      boolean cuda,
      String failure,
      String capability,
      boolean supported,
      long cardFree,
      long limit,
      long available) {
    return new ExecutorReport(
        executor,
        host,
        device,
        cuda,
        failure,
        cuda && device.startsWith("gpu") ? "NVIDIA X" : "",
        capability,
        supported,
        cardFree,
        limit,
        0,
        available);
  }
}
