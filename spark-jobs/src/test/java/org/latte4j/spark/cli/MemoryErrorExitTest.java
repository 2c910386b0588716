package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryErrorExitTest {
  @TempDir Path folder;

  @Test
  void aThreadThatRunsOutOfMemoryEndsTheProcess() throws Exception {
    Path json = folder.resolve("result.json");

    Ended ended = ended(Hoarding.class, json);

    assertThat(ended.status).isEqualTo(ExitStatus.ENVIRONMENT.code());
    assertThat(ended.output)
        .contains("latte bench average: too little memory: Java heap space")
        .doesNotContain("went on");
    assertThat(json).content().contains("\"status\" : \"failed\"", "too little memory");
  }

  @Test
  void aThreadThatDiesOfSomethingElseEndsNothing() throws Exception {
    Ended ended = ended(Failing.class, folder.resolve("result.json"));

    assertThat(ended.status).isZero();
    assertThat(ended.output)
        .contains("Exception in thread \"getter\" java.lang.IllegalStateException: broken")
        .contains("went on");
  }

  private record Ended(int status, String output) {}

  private Ended ended(Class<?> program, Path json) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                json.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  /** One of its threads fills the heap. */
  static final class Hoarding {
    public static void main(String[] args) throws InterruptedException {
      runs(
          args,
          () -> {
            List<byte[]> kept = new ArrayList<>();
            while (true) {
              kept.add(new byte[1 << 20]);
            }
          });
    }
  }

  /** One of its threads throws. */
  static final class Failing {
    public static void main(String[] args) throws InterruptedException {
      runs(
          args,
          () -> {
            throw new IllegalStateException("broken");
          });
    }
  }

  private static void runs(String[] args, Runnable work) throws InterruptedException {
    MemoryErrorExit.install("bench average", Optional.of(Path.of(args[0])));
    Thread thread = new Thread(work, "getter");
    thread.start();
    thread.join();
    System.out.println("went on");
  }
}
