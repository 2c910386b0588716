package org.latte4j.spark.watchdog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.averaging.Activity;
import org.latte4j.spark.averaging.AveragingRounds;
import org.latte4j.spark.averaging.Slice;
import org.latte4j.spark.averaging.SliceFunction;
import org.latte4j.spark.averaging.SlicePlan;
import org.latte4j.spark.averaging.StateVector;
import org.latte4j.spark.averaging.VectorFunction;

/** On hanging tasks, which the watchdog has to release itself or see released. */
class WatchdogTest {
  private static final Duration SOON = Duration.ofMillis(800);
  private static final Duration NEVER = Duration.ZERO;
  private static final SlicePlan PLAN = SlicePlan.withTarget(HangingSteps.TENSORS, 400);

  private static JavaSparkContext spark;

  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

  @BeforeAll
  static void startSpark() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.executor.heartbeatInterval", "100ms"));
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @AfterEach
  void release() {
    HangingSteps.release();
  }

  @ParameterizedTest
  @CsvSource({
    "LOAD, worker 1 is loading its replica",
    "STEPS, worker 1 is taking local steps",
    "EMIT, worker 1 is emitting its slices"
  })
  void aHangingWorkerIsReportedWithItsPhaseAndPlace(Activity phase, String words) throws Exception {
    try (AveragingRounds<?> rounds = rounds(phase, 3);
        Watchdog watchdog = Watchdog.start(spark, settings(NEVER), this::releaseAfter)) {
      watchdog.watch(() -> advance(rounds, 4));
    }
    assertThat(next())
        .startsWith("watchdog: round 3 has not moved for ")
        .contains("a whole round usually takes ")
        .contains("round 3: gather and local steps: 1 of 2 tasks are done, 1 running, 0 waiting")
        .contains(words + " since ")
        .contains("on executor driver (");
  }

  @Test
  void whatMovesAgainIsSaid() throws Exception {
    try (AveragingRounds<?> rounds = rounds(Activity.STEPS, 3);
        Watchdog watchdog = Watchdog.start(spark, settings(NEVER), this::releaseAfter)) {
      watchdog.watch(
          () -> {
            advance(rounds, 4);
            assertThat(next()).contains("has not moved");
            return assertThat(next()).contains("moves again");
          });
    }
  }

  @Test
  void aHangingCheckpointIsReportedWithItsSlice() throws Exception {
    try (AveragingRounds<?> rounds = rounds(Activity.CHECKPOINT, 0);
        Watchdog watchdog = Watchdog.start(spark, settings(NEVER), this::releaseAfter)) {
      watchdog.watch(() -> rounds.state().mapSlices(new HangingWriter()));
    }
    assertThat(next()).contains("slice 0 is writing to the checkpoint since ");
  }

  @Test
  void aHangingTaskOnTheWholeVectorIsReported() throws Exception {
    try (AveragingRounds<?> rounds = rounds(Activity.STEPS, 9);
        Watchdog watchdog = Watchdog.start(spark, settings(NEVER), this::releaseAfter)) {
      watchdog.watch(() -> rounds.state().mapVector(StateVector.PARAMETERS, 1, new HangingUse()));
    }
    assertThat(next()).contains("task 0 is evaluating held-out clips since ");
  }

  @Test
  void aDriverThatHangsBetweenJobsIsReportedWithItsPlace() throws Exception {
    rounds(Activity.STEPS, 9).close();
    try (Watchdog watchdog = Watchdog.start(spark, settings(NEVER), this::releaseAfter)) {
      watchdog.watch(
          () -> {
            HangingSteps.hang();
            return null;
          });
    }
    assertThat(next())
        .contains("no Spark job runs, the driver is at ")
        .contains("HangingSteps.hang(");
  }

  @Test
  void givingUpEndsTheRunAndSaysWhereItStood() {
    try (AveragingRounds<?> rounds = rounds(Activity.STEPS, 1);
        Watchdog watchdog = Watchdog.start(spark, settings(Duration.ofSeconds(1)), reports::add)) {
      assertThatThrownBy(() -> watchdog.watch(() -> advance(rounds, 2)))
          .isInstanceOf(StalledException.class)
          .hasMessageContaining("round 1 has not moved for")
          .hasMessageContaining("worker 1 is taking local steps")
          .hasMessageContaining("the same command goes on from the newest one");
    }
  }

  @Test
  void aDriverThatHangsIsInterruptedWhenGivenUp() {
    rounds(Activity.STEPS, 9).close();
    try (Watchdog watchdog = Watchdog.start(spark, settings(Duration.ofSeconds(1)), reports::add)) {
      assertThatThrownBy(
              () ->
                  watchdog.watch(
                      () -> {
                        HangingSteps.hang();
                        throw new IOException("interrupted");
                      }))
          .isInstanceOf(StalledException.class)
          .hasMessageContaining("the driver is at");
    }
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aClusterWithoutExecutorsIsReported() throws Exception {
    spark.close();
    try (StandaloneCluster cluster = StandaloneCluster.start(0, 1);
        JavaSparkContext lonely =
            new JavaSparkContext(
                cluster
                    .conf()
                    .set("spark.cores.max", "1")
                    .set("spark.scheduler.minRegisteredResourcesRatio", "0"));
        Watchdog watchdog = Watchdog.start(lonely, settings(Duration.ofSeconds(2)), reports::add)) {
      assertThatThrownBy(
              () ->
                  watchdog.watch(
                      () ->
                          AveragingRounds.of(lonely, steps(), PLAN, (v, s, p, into) -> {}).start()))
          .isInstanceOf(StalledException.class);
    } finally {
      startSpark();
    }
    assertThat(next()).contains("no executors since ").contains("are its workers up");
  }

  /** So that the work, which the test's thread waits for, ends. */
  private void releaseAfter(String report) {
    reports.add(report);
    HangingSteps.release();
  }

  private String next() {
    try {
      String report = reports.poll(60, TimeUnit.SECONDS);
      assertThat(report).as("a report within a minute").isNotNull();
      return report;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HangingSteps steps() {
    return new HangingSteps(Activity.STEPS, 9);
  }

  private static AveragingRounds<?> rounds(Activity phase, long round) {
    return AveragingRounds.of(
            spark, new HangingSteps(phase, round), PLAN, (vector, slice, plan, into) -> {})
        .start();
  }

  private static Void advance(AveragingRounds<?> rounds, int count) {
    for (int i = 0; i < count; i++) {
      rounds.advance();
    }
    return null;
  }

  private static WatchdogSettings settings(Duration giveUpAfter) {
    return new WatchdogSettings(SOON, 1, SOON, giveUpAfter);
  }

  private static final class HangingWriter implements SliceFunction<Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer apply(SlicePlan plan, Slice slice, Map<StateVector, FloatBuffer> values) {
      HangingSteps.hang();
      return slice.index();
    }

    @Override
    public Activity activity() {
      return Activity.CHECKPOINT;
    }
  }

  private static final class HangingUse implements VectorFunction<Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer apply(int task, SlicePlan plan, Iterator<FloatBuffer> slices) {
      slices.forEachRemaining(values -> {});
      HangingSteps.hang();
      return task;
    }

    @Override
    public Activity activity() {
      return Activity.VALIDATE;
    }
  }
}
