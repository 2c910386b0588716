package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.train.TinyTraining;

/** What can be wrong with a run's inputs: one message and an exit status each. */
class BadTrainingInputTest {
  private static Path shards;
  @TempDir static Path shared;
  private static Path oneRound;

  @TempDir Path folder;

  @BeforeAll
  static void trainOneRound() {
    shards = TinyTraining.shards();
    oneRound = shared.resolve("run");
    CommandLineRun run = train(shards, oneRound, Map.of("train.rounds", "1"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("global batch 4 (2 workers x 2 x 1)");
  }

  @Test
  void aFlippedByte() throws IOException {
    Path run = copy();
    Path file = run.resolve("checkpoint-2/model-00001-of-00001.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertFails(
        train(shards, run, Map.of()),
        3,
        "checkpoint-2 is damaged: model-00001-of-00001.safetensors",
        "use an older checkpoint");
  }

  @Test
  void aMissingSlice() throws IOException {
    Path run = copy();
    Files.delete(run.resolve("checkpoint-2/optimizer-00001-of-00001.safetensors"));
    assertFails(
        train(shards, run, Map.of()),
        3,
        "checkpoint-2 is damaged: optimizer-00001-of-00001.safetensors is missing");
  }

  @Test
  void aMissingMarker() throws IOException {
    Path checkpoint = copy().resolve("checkpoint-2");
    Files.delete(checkpoint.resolve("_SUCCESS"));
    CommandLineRun run =
        CommandLineRun.of(
            "sample",
            "--checkpoint",
            checkpoint.toString(),
            "--output",
            folder.resolve("videos").toString(),
            "--master",
            "local[2]");
    assertFails(run, 3, "checkpoint-2 holds no whole checkpoint: it lacks _SUCCESS");
  }

  @Test
  void otherModelSizes() throws IOException {
    assertFails(
        train(shards, copy(), Map.of("model.hidden-size", "32")),
        2,
        "model.hidden-size = 32, but it was trained with 16",
        "--allow-change");
    assertFails(
        train(shards, copy(), Map.of("model.hidden-size", "32"), "--allow-change"),
        3,
        "is of another model",
        "has shape");
  }

  @Test
  void aChangedManifest() throws IOException {
    Path changed = folder.resolve("shards");
    TinyTraining.copy(shards, changed);
    Path manifest = changed.resolve("_manifest.json");
    Files.deleteIfExists(changed.resolve("._manifest.json.crc"));
    String text = Files.readString(manifest);
    assertThat(text).contains("\"transform\" : \"resize-crop");
    Files.writeString(
        manifest, text.replace("\"transform\" : \"resize-crop", "\"transform\" : \"another"));
    assertFails(
        train(changed, copy(), Map.of()), 2, "was trained on other shards (manifest", "state.json");
  }

  @Test
  void moreWorkersThanVideos() {
    assertFails(
        train(shards, folder.resolve("run"), Map.of("train.workers", "9")),
        2,
        "train.workers = \"9\"",
        "at most the number of videos to train on (8)");
  }

  @Test
  void aMasterThatDoesNotAnswer() {
    long begin = System.nanoTime();
    CommandLineRun run =
        CommandLineRun.of(
            arguments(shards, folder.resolve("run"), Map.of(), "--master", "spark://127.0.0.1:1"));
    assertFails(run, 4, "spark://127.0.0.1:1", "cannot be reached");
    assertThat((System.nanoTime() - begin) / 1e9).as("seconds").isLessThan(30);
  }

  @Test
  void noRoomForACheckpoint() throws Exception {
    Path small = Files.createDirectories(folder.resolve("small"));
    // Room for one checkpoint of 250 KB, and not for two.
    assumeThat(run("mount", "-t", "tmpfs", "-o", "size=450k", "tmpfs", small.toString()))
        .as("mounting a small file system, which only root may do")
        .isZero();
    try {
      Path run = small.resolve("run");
      assertFails(
          train(shards, run, Map.of()),
          4,
          "checkpoint-4 could not be written:",
          "No space left on device",
          "checkpoint-2, is whole");
      assertThat(run.resolve("checkpoint-4")).doesNotExist();
      Files.move(run, folder.resolve("moved"), StandardCopyOption.REPLACE_EXISTING);
    } catch (java.nio.file.DirectoryNotEmptyException e) {
      // Moving a folder to another file system is a copy.
      TinyTraining.copy(small.resolve("run"), folder.resolve("moved"));
    } finally {
      assertThat(run("umount", small.toString())).isZero();
    }
    CommandLineRun again = train(shards, folder.resolve("moved"), Map.of());
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.err()).contains("going on after round 1");
  }

  private Path copy() throws IOException {
    Path run = folder.resolve("run-" + System.nanoTime());
    TinyTraining.copy(oneRound, run);
    return run;
  }

  private static CommandLineRun train(
      Path input, Path run, Map<String, String> settings, String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(List.of("--master", "local[2]"));
    return CommandLineRun.of(arguments(input, run, settings, options.toArray(String[]::new)));
  }

  private static String[] arguments(
      Path input, Path run, Map<String, String> settings, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--shards", input.toString(), "--output", run.toString()));
    arguments.addAll(List.of(more));
    TinyTraining.overrides(settings)
        .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return arguments.toArray(String[]::new);
  }

  private static void assertFails(CommandLineRun run, int status, String... words) {
    assertThat(run.err()).contains(words);
    assertThat(run.status()).as(run.err()).isEqualTo(status);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
