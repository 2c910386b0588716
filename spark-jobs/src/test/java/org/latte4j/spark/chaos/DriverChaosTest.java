package org.latte4j.spark.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.StandaloneCluster;
import org.latte4j.spark.cli.CommandLineRun;
import org.latte4j.spark.cli.ExitStatus;

/**
 * Drivers that are killed, and executors whose disk fills up: on a master with two worker processes
 * of one core each, whose local folders lie on a small file system of their own where the tests may
 * mount one.
 */
class DriverChaosTest {
  @TempDir static Path disk;
  private static boolean small;
  private static StandaloneCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void startCluster() throws Exception {
    TinyRun.quiet();
    small = run("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk.toString()) == 0;
    cluster = StandaloneCluster.start(2, 1, disk);
  }

  @AfterAll
  static void stopCluster() throws Exception {
    cluster.close();
    if (small) {
      run("umount", "-l", disk.toString());
    }
  }

  @Test
  void aDriverKilledWhileItWritesACheckpointLeavesTheSameBits() throws Exception {
    Path output = folder.resolve("run");
    TinyRun training = trainingOf(TinyRun.ROUNDS);
    try (DriverProcess driver =
        DriverProcess.start(training, output, folder.resolve("driver.log"))) {
      TinyRun.await(
          "a checkpoint that is being written, after a whole one",
          () ->
              !TinyRun.wholeCheckpoints(output).isEmpty()
                      && !TinyRun.unfinishedCheckpoints(output).isEmpty()
                  || !driver.isAlive());
      assertThat(driver.isAlive()).as(driver::output).isTrue();
      driver.kill();
    }
    assertThat(TinyRun.wholeCheckpoints(output)).hasSizeLessThan(3);
    CommandLineRun again = run(training, output);
    assertThat(again.status()).as(again.err()).isEqualTo(ExitStatus.DONE.code());
    assertThat(again.err()).contains("going on after round ");
    TinyRun.assertSameAsQuiet(output);
  }

  @Tag("chaos")
  @Test
  void aFullDiskOfExecutorsEndsTheRunWithAWordAndWholeCheckpoints() throws Exception {
    assumeThat(small).as("only root may mount the small disk that is to fill up").isTrue();
    Path output = folder.resolve("run");
    Path filler = disk.resolve("filler");
    Thread fill =
        new Thread(
            () -> {
              TinyRun.await(
                  "a whole checkpoint", () -> !TinyRun.wholeCheckpoints(output).isEmpty());
              run("dd", "if=/dev/zero", "of=" + filler, "bs=1M");
            });
    fill.start();
    try {
      CommandLineRun full = run(trainingOf(400), output);
      assertThat(full.err()).contains("No space left on device", "spark.local.dir");
      assertThat(full.status()).as(full.err()).isEqualTo(ExitStatus.ENVIRONMENT.code());
    } finally {
      fill.join();
      Files.deleteIfExists(filler);
    }
    CommandLineRun rest = run(TinyRun.of(TinyRun.ROUNDS), output);
    assertThat(rest.status()).as(rest.err()).isEqualTo(ExitStatus.DONE.code());
    assertThat(rest.err()).contains("going on after round ");
    TinyRun.assertSameAsQuiet(output);
  }

  private static TinyRun trainingOf(int rounds) {
    return TinyRun.of(rounds).on(cluster);
  }

  private static CommandLineRun run(TinyRun training, Path output) {
    return CommandLineRun.of(training.arguments(output).toArray(String[]::new));
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
