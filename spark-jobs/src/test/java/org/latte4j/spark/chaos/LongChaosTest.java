package org.latte4j.spark.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.averaging.Activity;
import org.latte4j.spark.cli.ExitStatus;
import org.latte4j.spark.train.RunDescription;
import org.latte4j.spark.train.RunListener;
import org.latte4j.spark.train.TinyTraining;

/** Twenty kills in one run: {@code mvn verify -Pchaos}. */
@Tag("chaos")
class LongChaosTest {
  private static final int ROUNDS = 60;
  private static final int EXECUTORS = 16;
  private static final int EXECUTORS_FOR_A_DRIVER = 4;
  private static final long SEED = 20240104;
  private static final List<Activity> ACTIVITIES =
      List.of(
          Activity.GATHER, Activity.STEPS, Activity.EMIT, Activity.AVERAGE, Activity.CHECKPOINT);

  @TempDir Path folder;

  @Test
  void sixteenExecutorsAndFourDriversKilledLeaveTheSameBits() throws Exception {
    Path output = folder.resolve("run");
    Path orders = Files.createDirectory(folder.resolve("orders"));
    TinyTraining.shards();
    TinyRun.of(ROUNDS).train(folder.resolve("quiet"), new RunListener<RunDescription>() {});
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < EXECUTORS; i++) {
      Activity activity = ACTIVITIES.get(random.nextInt(ACTIVITIES.size()));
      Order.kill(i, activity, 1 + 3 * i, random).give(orders);
    }
    int drivers = 0;
    try (StandaloneCluster cluster = StandaloneCluster.start(2, 1)) {
      TinyRun run = TinyRun.of(ROUNDS).on(cluster).withOrders(orders);
      for (int status = -1; status != ExitStatus.DONE.code(); ) {
        try (DriverProcess driver =
            DriverProcess.start(run, output, folder.resolve("driver.log"))) {
          int until = EXECUTORS_FOR_A_DRIVER * (drivers + 1);
          TinyRun.await(
              "executor %d to be killed".formatted(until),
              600,
              () -> Order.done(orders).size() >= until || !driver.isAlive());
          if (driver.isAlive() && drivers < EXECUTORS / EXECUTORS_FOR_A_DRIVER) {
            Thread.sleep(random.nextInt(1000));
            driver.kill();
            drivers++;
          } else {
            status = driver.await();
            assertThat(status).as(driver::output).isEqualTo(ExitStatus.DONE.code());
          }
        }
      }
    }
    assertThat(Order.done(orders)).hasSize(EXECUTORS);
    assertThat(drivers).as("drivers killed").isEqualTo(EXECUTORS / EXECUTORS_FOR_A_DRIVER);
    TinyRun.assertSameFiles(
        TinyRun.checkpoints(output), TinyRun.checkpoints(folder.resolve("quiet")));
    Order.done(orders).forEach(note -> System.out.println("killed: " + note));
  }
}
