package org.latte4j.spark.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.averaging.Activity;
import org.latte4j.spark.averaging.RoundMetrics;
import org.latte4j.spark.averaging.TrainingState;
import org.latte4j.spark.checkpoint.Checkpoint;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;

/**
 * Executors and workers that go, on a master with two worker processes of one core each. {@link
 * DriverChaosTest} has drivers and disks.
 */
class ChaosTest {
  private static final long SEED = 20240103;

  /** Share of the tasks that have ended before others get copies; 1 for no copies. */
  private static final String QUANTILE = "speculation.quantile";

  @TempDir static Path orders;
  private static StandaloneCluster cluster;
  private static TinyRun run;
  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void startCluster() throws IOException {
    TinyRun.quiet();
    cluster = StandaloneCluster.start(2, 1);
    run =
        TinyRun.of(TinyRun.ROUNDS)
            .on(cluster)
            .withOrders(orders)
            .with("spark.properties.speculation", "true")
            .with("spark.properties.speculation.interval", "50ms")
            .with("spark.properties.speculation.minTaskRuntime", "500ms")
            .with("spark.properties." + QUANTILE, "1");
    spark = run.startSpark();
  }

  @AfterAll
  static void stopCluster() {
    spark.close();
    cluster.close();
  }

  /** Some may have died in the test before. */
  @BeforeEach
  void startAnew() throws IOException {
    Order.clear(orders);
    awaitTwoExecutors();
  }

  private static void awaitTwoExecutors() {
    TinyRun.await("two executors", () -> spark.sc().statusTracker().getExecutorInfos().length == 3);
  }

  /** The driver's listeners see all of it as one run that never goes back. */
  @Test
  void executorsKilledInEveryPhaseLeaveTheSameBits() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    Order.kill(0, Activity.GATHER, 1, random).give(orders);
    Order.kill(1, Activity.STEPS, 4, random).give(orders);
    Order.kill(2, Activity.EMIT, 7, random).give(orders);
    Order.kill(3, Activity.CHECKPOINT, 20, random).give(orders); // Checkpoints count steps.
    Order.kill(4, Activity.AVERAGE, 14, random).give(orders);
    KeepsTwo keepsTwo = new KeepsTwo();
    train(run.with("train.recovery.every-rounds", "2"), keepsTwo);
    assertThat(Order.open(orders)).as("orders that were not carried out").isEmpty();
    assertThat(Order.done(orders)).hasSize(5);
    assertThat(keepsTwo.begins).containsExactly(0L);
    assertSameAsQuiet();
  }

  /** Waits for the next executor whenever one has gone, so that two never go together. */
  private static class KeepsTwo implements RunListener<RunDescription> {
    final List<Long> begins = new ArrayList<>();

    @Override
    public void begins(RunDescription run) {
      begins.add(run.finishedRounds());
    }

    @Override
    public void roundDone(RoundMetrics metrics, TrainingState averaged) {
      awaitTwoExecutors();
    }

    @Override
    public void checkpointWritten(Checkpoint checkpoint) {
      awaitTwoExecutors();
    }
  }

  /** Every round's state has two copies, so that another executor can do the frozen one's work. */
  @Tag("chaos")
  @Test
  void aFrozenExecutorsWorkIsDoneByASpeculativeCopyWithTheSameBits() throws Exception {
    new Order(0, Activity.STEPS, 3, 0, "STOP").give(orders);
    CountsCopies copies = new CountsCopies();
    spark.sc().addSparkListener(copies);
    Thread thaw = new Thread(() -> letItGoOnAfter(copies));
    thaw.start();
    // Spark reads this anew for every stage.
    spark.sc().conf().set("spark." + QUANTILE, "0.5");
    try {
      train(run.with("train.recovery.every-rounds", "1"), new RunListener<RunDescription>() {});
    } finally {
      thaw.join();
      spark.sc().conf().set("spark." + QUANTILE, "1");
      spark.sc().removeSparkListener(copies);
    }
    assertThat(copies.ended).as("copies that ended while the executor stood still").isPositive();
    assertSameAsQuiet();
  }

  /** Counts speculative copies that end well, until the executor goes on. */
  private static final class CountsCopies extends SparkListener {
    private final AtomicInteger now = new AtomicInteger();
    private volatile int ended;

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      if (event.taskInfo().speculative() && event.taskInfo().successful()) {
        now.incrementAndGet();
      }
    }
  }

  private static void letItGoOnAfter(CountsCopies copies) {
    try {
      TinyRun.await("a frozen executor", () -> !Order.done(orders).isEmpty());
      long frozen = System.nanoTime();
      while (copies.now.get() == 0 && System.nanoTime() - frozen < 20e9) {
        Thread.sleep(10);
      }
      copies.ended = copies.now.get();
      String process = Order.done(orders).get(0).split(" ")[0];
      new ProcessBuilder("kill", "-CONT", process).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Tag("chaos")
  @Test
  void workersThatAllGoAtOnceAndComeBackSendTheRunBackToItsCheckpoint() throws IOException {
    GoAndComeBack gone = new GoAndComeBack();
    train(run.with("train.recovery.every-rounds", "1"), gone);
    assertThat(gone.begins).containsExactly(0L, (long) TinyRun.CHECKPOINT_ROUNDS);
    assertThat(gone.said).anyMatch(line -> line.contains("the state was lost"));
    assertSameAsQuiet();
  }

  /** Ends both workers and their executors after round 5, the first time, and starts others. */
  private static final class GoAndComeBack implements RunListener<RunDescription> {
    private final List<Long> begins = new ArrayList<>();
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void begins(RunDescription run) {
      begins.add(run.finishedRounds());
    }

    @Override
    public void standsStill(String report) {
      said.add(report);
    }

    @Override
    public void roundDone(RoundMetrics metrics, TrainingState averaged) {
      if (metrics.round() == 5 && begins.size() == 1) {
        cluster.killWorker(0);
        cluster.killWorker(1);
        cluster.restartWorker(0);
        cluster.restartWorker(1);
      }
    }
  }

  private void train(TinyRun variant, RunListener<RunDescription> listener) throws IOException {
    variant.train(spark, folder.resolve("run"), listener);
  }

  private void assertSameAsQuiet() throws IOException {
    TinyRun.assertSameAsQuiet(folder.resolve("run"));
  }
}
