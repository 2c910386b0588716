package org.latte4j.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged file, unpacked into an empty folder and used without Maven and without a clone. */
class DistributionTest {
  private static final Path FILE = Path.of(System.getProperty("latte.distribution"));
  private static final String SECRET = "unmistakable/Secret+0815/unmistakable";
  private static final List<String> TINY =
      List.of(
          "source.layout=ucf101",
          "encode.image-size=16",
          "encode.autoencoder=dct-4-3-1",
          "model.depth=2",
          "model.hidden-size=16",
          "model.heads=2",
          "model.frames=4",
          "train.rounds=2",
          "train.local-steps=1",
          "train.batch-size=2",
          "spark.properties.ui.enabled=false",
          "spark.properties.executor.memory=512m",
          "spark.properties.hadoop.fs.s3a.secret.key=" + SECRET);

  @TempDir static Path folder;

  private static Path home;

  @BeforeAll
  static void unpack() throws Exception {
    CommandRun tar =
        CommandRun.of(Map.of(), List.of("tar", "-xzf", FILE.toString(), "-C", folder.toString()));
    assertThat(tar.status()).as(tar.all()).isZero();
    try (Stream<Path> unpacked = Files.list(folder)) {
      home = unpacked.toList().get(0);
    }
  }

  @Test
  void helpAndUnknownVerbs() throws Exception {
    CommandRun help = succeed("bin/latte", "--help");
    assertThat(help.out()).contains("encode", "train", "sample", "doctor", "Exit status");
    CommandRun unknown = run("bin/latte", "trian");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("trian").contains("train");
  }

  @Test
  void doctorFindsTheBackendAndNothingUnusable() throws Exception {
    CommandRun doctor = succeed("bin/latte", "doctor");
    assertThat(doctor.out())
        .contains("CpuBackend", "writes and reads H.264")
        .doesNotContain("BAD ");
  }

  @Test
  void theDemoRunsOnWhatShips() throws Exception {
    Path output = folder.resolve("demo");
    succeed(
        "bin/latte",
        "demo",
        "--output",
        output.toString(),
        "--set",
        "train.rounds=1",
        "--set",
        "train.local-steps=1",
        "--set",
        "sample.steps=2");
    assertThat(output.resolve("result.json")).exists();
  }

  @Test
  void jobsRunOnABareClusterFromSparkSubmitAndFromTheLauncher() throws Exception {
    Map<String, String> port = Map.of("LOCAL_CLUSTER_PORT", freePort());
    CommandRun start = run(port, "bin/local-cluster", "start", "--bare", "--memory", "1g");
    try {
      assertThat(start.status()).as(start.all()).isZero();
      String master = start.out().strip();
      assertThat(master).isEqualTo("spark://127.0.0.1:" + port.get("LOCAL_CLUSTER_PORT"));
      assertThat(run(port, "bin/local-cluster", "status").out()).contains(master, "worker-2");
      CommandRun second = run(port, "bin/local-cluster", "start");
      assertThat(second.status()).isEqualTo(4);
      assertThat(second.err()).contains("a cluster is running already");
      encodeThroughSparkSubmit(master);
      trainThroughTheLauncher(master);
    } finally {
      CommandRun stop = run(port, "bin/local-cluster", "stop");
      assertThat(stop.status()).as(stop.all()).isZero();
    }
    CommandRun stopped = run(port, "bin/local-cluster", "stop");
    assertThat(stopped.status()).isZero();
    assertThat(stopped.err()).contains("nothing is running");
    assertThat(run(port, "bin/local-cluster", "status").status()).isEqualTo(1);
  }

  private static void encodeThroughSparkSubmit(String master) throws Exception {
    Map<String, String> spark =
        Map.of("SPARK_HOME", home.resolve("build/local-cluster").toString());
    List<String> command =
        new ArrayList<>(List.of("bin/latte-submit", "encode", "--master", master, "--"));
    command.addAll(List.of("--input", home.resolve("conf/demo/excerpts").toString()));
    command.addAll(List.of("--output", folder.resolve("shards").toString()));
    command.addAll(settings());
    CommandRun run = run(spark, command.toArray(new String[0]));
    assertThat(run.status()).as(run.all()).isZero();
    assertThat(folder.resolve("shards/_manifest.json")).exists();
    assertThat(run.all()).doesNotContain(SECRET);
  }

  private static void trainThroughTheLauncher(String master) throws Exception {
    List<String> command = new ArrayList<>(List.of("bin/latte", "train", "--verbose"));
    command.addAll(List.of("--master", master, "--set", "spark.libraries=ship"));
    command.addAll(List.of("--shards", folder.resolve("shards").toString()));
    command.addAll(List.of("--output", folder.resolve("run").toString()));
    command.addAll(List.of("--set", "spark.properties.logConf=true"));
    command.addAll(settings());
    CommandRun run = succeed(command.toArray(new String[0]));
    assertThat(run.out()).contains("checkpoint-2");
    assertThat(run.err()).contains("Spark configuration:");
    assertThat(run.all()).doesNotContain(SECRET);
  }

  private static List<String> settings() {
    return TINY.stream().flatMap(setting -> Stream.of("--set", setting)).toList();
  }

  private static CommandRun succeed(String... command) throws Exception {
    CommandRun run = run(command);
    assertThat(run.status()).as(run.all()).isZero();
    return run;
  }

  private static CommandRun run(String... command) throws Exception {
    return run(Map.of(), command);
  }

  private static CommandRun run(Map<String, String> more, String... command) throws Exception {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "MVN",
                "no-such-maven",
                "LATTE_BACKEND",
                "",
                "LATTE_JAVA_OPTS",
                "-Xmx1g"));
    environment.putAll(more);
    List<String> all = new ArrayList<>(List.of(command));
    all.set(0, home.resolve(command[0]).toString());
    return CommandRun.of(environment, all);
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return Integer.toString(socket.getLocalPort());
    }
  }
}
