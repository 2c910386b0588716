package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.data.storage.WholeFile;
import org.latte4j.spark.S3Server;

/** Videos, shards, checkpoints and samples on s3a://, against a server that speaks S3. */
class ObjectStoreTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final int ROUNDS = 8;

  @TempDir static Path folder;

  private static S3Server s3;
  private static FileSystem bucket;
  private static Path config;
  private static Path credentials;

  @BeforeAll
  static void encodeFromTheStoreIntoTheStore() throws Exception {
    s3 = S3Server.start("latte");
    bucket = FileSystem.newInstance(at("").toUri(), s3.hadoop());
    config = Files.writeString(folder.resolve("tiny.conf"), settings());
    credentials =
        Files.writeString(
            folder.resolve("credentials.conf"), credentials(S3Server.SECRET_KEY, false));
    for (String video : List.of("Cup/v_Cup_g01_c01.mp4", "Ocean/v_Ocean_g01_c01.mp4")) {
      Path local = HOME.resolve("conf/demo/excerpts").resolve(video);
      bucket.copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), at("videos/" + video));
    }
    succeed("encode", "--input", s3.path("videos"), "--output", s3.path("shards"));
  }

  @AfterAll
  static void stop() throws Exception {
    bucket.close();
    s3.close();
  }

  @Test
  void aKilledRunGoesOnToTheBitsOfALocalOneAndIsSampled() throws Exception {
    String shards = s3.path("shards");
    String run = s3.path("run");
    killAfterItsFirstCheckpoint("train", "--shards", shards, "--output", run);
    CommandLineRun resumed = succeed("train", "--shards", shards, "--output", run);
    assertThat(resumed.out()).contains("checkpoint-" + ROUNDS);
    Path local = folder.resolve("local");
    succeed("train", "--shards", shards, "--output", local.toUri().toString());
    Map<String, byte[]> expected = localWeights(local.resolve("checkpoint-" + ROUNDS));
    assertThat(expected).isNotEmpty();
    for (Map.Entry<String, byte[]> file : expected.entrySet()) {
      assertThat(content("run/checkpoint-" + ROUNDS + "/" + file.getKey()))
          .as(file.getKey())
          .isEqualTo(file.getValue());
    }
    assertThat(succeed("inspect", run, "--checksums").out())
        .contains("step " + ROUNDS, "whole: lengths and checksums match");

    succeed("sample", "--checkpoint", run, "--output", s3.path("samples"));
    assertThat(keys("samples")).filteredOn(key -> key.endsWith(".mp4")).hasSize(2);
    assertThat(keys("run")).noneMatch(key -> key.contains("unfinished"));
  }

  @Test
  void credentialsAppearNowhere() throws Exception {
    Path events = Files.createDirectory(folder.resolve("events"));
    Path json = folder.resolve("secret.json");
    CommandLineRun run =
        succeed(
            "train",
            "--verbose",
            "--shards",
            s3.path("shards"),
            "--output",
            s3.path("secret"),
            "--json",
            json.toString(),
            "--set",
            "train.rounds=1",
            "--set",
            "spark.properties.eventLog.enabled=true",
            "--set",
            "spark.properties.eventLog.dir=" + events.toUri());
    Map<String, String> places = new TreeMap<>();
    places.put("standard output", run.out());
    places.put("standard error", run.err());
    places.put("--json", Files.readString(json));
    for (String key : keys("secret")) {
      places.put(key, new String(content(key), StandardCharsets.ISO_8859_1));
    }
    try (Stream<Path> files = Files.walk(events)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        places.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(places.keySet())
        .anyMatch(key -> key.endsWith("state.json"))
        .anyMatch(key -> key.contains("local-"));
    places.forEach(
        (place, text) ->
            assertThat(text.contains(S3Server.SECRET_KEY) || text.contains(S3Server.ACCESS_KEY))
                .as(place)
                .isFalse());
  }

  @Test
  void refusedCredentialsAreOneClearErrorThatDoesNotShowThem() throws IOException {
    String wrong = "wrong/Secret+0815/wrong";
    Path file = Files.writeString(folder.resolve("wrong.conf"), credentials(wrong, true));
    CommandLineRun run =
        CommandLineRun.of(
            "inspect",
            s3.path("shards"),
            "--verbose",
            "--config",
            config.toString(),
            "--config",
            file.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("no permission").contains("s3a://latte/shards");
    assertThat(run.out() + run.err()).doesNotContain(wrong).doesNotContain(S3Server.ACCESS_KEY);
  }

  @Test
  void aWriterThatFailsLeavesTheEarlierObject() throws IOException {
    org.apache.hadoop.fs.Path target = at("whole/file");
    org.apache.hadoop.fs.Path temporary = at("whole/.writing");
    WholeFile.write(bucket, target, temporary, out -> out.write(new byte[] {1, 2, 3}));
    byte[] parts = new byte[6 << 20]; // More than the smallest part of a multipart upload.
    assertThatThrownBy(
            () ->
                WholeFile.write(
                    bucket,
                    target,
                    temporary,
                    out -> {
                      out.write(parts);
                      throw new IOException("no more");
                    }))
        .hasMessage("no more");
    assertThat(content("whole/file")).containsExactly(1, 2, 3);
    assertThat(keys("whole")).containsExactly("whole/file");
    assertThat(bucket.getStorageStatistics().getLong("op_rename")).isZero();
  }

  /** The command in a process of its own, whose credentials come from its environment. */
  private static void killAfterItsFirstCheckpoint(String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + HOME.resolve("conf/jvm.options"));
    command.add("-Xmx512m");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Latte.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--config", config.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
    Path log = folder.resolve("killed.log");
    Process process = builder.redirectOutput(log.toFile()).start();
    try {
      while (process.isAlive() && keys("run").stream().noneMatch(k -> k.endsWith("_SUCCESS"))) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(128 + 9);
    assertThat(keys("run")).noneMatch(key -> key.endsWith("checkpoint-" + ROUNDS + "/_SUCCESS"));
  }

  private static CommandLineRun succeed(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString(), "--config", credentials.toString()));
    CommandLineRun run = CommandLineRun.of(all.toArray(new String[0]));
    assertThat(run.status()).as(run.err()).isZero();
    return run;
  }

  private static List<String> keys(String prefix) throws IOException {
    List<String> keys = new ArrayList<>();
    if (bucket.exists(at(prefix))) {
      RemoteIterator<LocatedFileStatus> files = bucket.listFiles(at(prefix), true);
      while (files.hasNext()) {
        keys.add(files.next().getPath().toUri().getPath().substring(1));
      }
    }
    return keys;
  }

  private static byte[] content(String key) throws IOException {
    try (InputStream in = bucket.open(at(key))) {
      return in.readAllBytes();
    }
  }

  private static Map<String, byte[]> localWeights(Path checkpoint) throws IOException {
    Map<String, byte[]> weights = new TreeMap<>();
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        weights.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return weights;
  }

  private static String settings() {
    StringBuilder text =
        new StringBuilder(
            """
            source.layout = ucf101
            encode { image-size = 16, autoencoder = "dct-4-3-1" }
            model { depth = 2, hidden-size = 16, heads = 2, frames = 4 }
            train { rounds = %d, local-steps = 1, batch-size = 2, checkpoint.every-rounds = 2 }
            sample { steps = 2, guidance = 1 }
            spark { master = "local[2]", properties { ui.enabled = false, driver.host = 127.0.0.1 } }
            """
                .formatted(ROUNDS));
    s3.connection().forEach((key, value) -> text.append(property(key, value)));
    return text.toString();
  }

  private static String credentials(String secret, boolean freshConnection) {
    return property("access.key", S3Server.ACCESS_KEY)
        + property("secret.key", secret)
        + property("impl.disable.cache", String.valueOf(freshConnection));
  }

  private static String property(String key, String value) {
    return "spark.properties.hadoop.fs.s3a.%s = \"%s\"\n".formatted(key, value);
  }

  private static org.apache.hadoop.fs.Path at(String key) {
    return new org.apache.hadoop.fs.Path(s3.path(key));
  }
}
