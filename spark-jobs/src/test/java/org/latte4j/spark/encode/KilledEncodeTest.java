package org.latte4j.spark.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, killed without warning while it encodes, and run again until it is done. */
class KilledEncodeTest {
  private static final Path EXCERPTS =
      Path.of("../conf/demo/excerpts").toAbsolutePath().normalize();

  @TempDir Path directory;

  @Test
  void filesAreThoseOfAQuietRun() throws IOException, InterruptedException {
    assertThat(start("quiet").waitFor()).as(log("quiet")).isZero();
    for (int files : new int[] {2, 5}) {
      Process process = start("killed");
      awaitFiles(files, process);
      process.destroyForcibly().waitFor();
    }
    assertThat(start("killed").waitFor()).as(log("killed")).isZero();
    assertThat(log("killed")).doesNotContain("nothing to do");
    assertThat(contents("killed")).isEqualTo(contents("quiet"));
  }

  private Process start(String output) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            "org.latte4j.spark.cli.Latte",
            "encode",
            "--input",
            EXCERPTS.toString(),
            "--output",
            directory.resolve(output).toString(),
            "--master",
            "local[2]"));
    for (String setting :
        List.of(
            "source.layout=ucf101",
            "encode.image-size=64",
            "encode.mirroring=both",
            "encode.shard-videos=1",
            "spark.properties.ui.enabled=false",
            "spark.properties.driver.host=127.0.0.1",
            "spark.properties.driver.bindAddress=127.0.0.1")) {
      command.addAll(List.of("--set", setting));
    }
    File log = directory.resolve(output + ".log").toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  /** Until so many files are written, or the process has ended. */
  private void awaitFiles(int count, Process process) throws IOException {
    while (process.isAlive() && contents("killed").size() < count) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private Map<String, String> contents(String output) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    if (!Files.isDirectory(directory.resolve(output))) {
      return contents;
    }
    try (Stream<Path> files = Files.list(directory.resolve(output))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        boolean shard = name.startsWith("part-") && name.endsWith(".parquet");
        if (shard || name.equals("_manifest.json")) {
          contents.put(name, sha256(file));
        }
      }
    }
    return contents;
  }

  private static String sha256(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchFileException e) {
      return "gone"; // replaced while we looked
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String log(String output) throws IOException {
    return Files.readString(directory.resolve(output + ".log"));
  }
}
