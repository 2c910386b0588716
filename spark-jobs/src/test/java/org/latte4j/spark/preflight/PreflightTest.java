package org.latte4j.spark.preflight;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.latte4j.model.settings.Settings;
import org.latte4j.spark.EnvironmentException;
import org.latte4j.spark.LocalSpark;

/** On this machine's CPU, with the limit of native memory that this process was started with. */
class PreflightTest {
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start("local[2]");
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @Test
  void whatFitsIsLetThrough() {
    assertThatCode(() -> preflight("refuse").check(replica(1 << 20), 2)).doesNotThrowAnyException();
  }

  @Test
  void moreThanJavaCppsLimitIsRefusedWithTheFiguresAndWhatToChange() {
    long limit = Pointer.maxBytes();
    assertThatThrownBy(() -> preflight("refuse").check(replica(limit), 2))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("2 networks in training need about")
        .hasMessageContaining("JavaCPP's limit leaves")
        .hasMessageContaining("org.bytedeco.javacpp.maxbytes")
        .hasMessageContaining("spark.preflight = warn");
  }

  @Test
  void moreThanTheMachineHasIsRefused() {
    assertThatThrownBy(() -> preflight("refuse").check(replica(1L << 45), 1))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("the machine or its container has");
  }

  @Test
  void aWarningLetsItThrough() {
    assertThatCode(() -> preflight("warn").check(replica(1L << 45), 2)).doesNotThrowAnyException();
    assertThatCode(() -> preflight("off").check(replica(1L << 45), 2)).doesNotThrowAnyException();
  }

  private static Preflight preflight(String mode) {
    return new Preflight(spark, Settings.load(List.of(), Map.of("spark.preflight", mode)));
  }

  private static ReplicaMemory replica(long bytes) {
    return new ReplicaMemory(bytes / 16, bytes, 0);
  }
}
