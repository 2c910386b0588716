package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code encode} and {@code inspect} on the excerpts that ship with the project. */
class EncodeVerbTest {
  private static final Path EXCERPTS = Path.of("..", "conf", "demo", "excerpts");

  @TempDir Path folder;

  @Test
  void excerptsAreEncodedInspectedAndNotEncodedAgain() throws IOException {
    Path json = folder.resolve("encode.json");
    CommandLineRun first = encode(EXCERPTS, "--json", json.toString());
    assertThat(first.status()).as(first.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("outcome").asText()).isEqualTo("encoded");
    assertThat(report.get("shards").get("classes")).hasSize(4);
    assertThat(report.get("shards").get("videos").asInt()).isEqualTo(8);

    CommandLineRun inspected =
        CommandLineRun.of(
            "inspect", shards(), "--checksums", "--sheet", folder.resolve("s.png").toString());
    assertThat(inspected.status()).as(inspected.err()).isZero();
    assertThat(inspected.out())
        .contains("latent shards", "8 in 8 rows", "whole: lengths and checksums match")
        .contains("26 to 100 frames", "{train=8}");
    assertThat(ImageIO.read(folder.resolve("s.png").toFile()).getHeight()).isGreaterThan(8 * 100);
    assertThat(report.get("rejected")).isEmpty();

    CommandLineRun again = encode(EXCERPTS);
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("nothing to do");

    CommandLineRun other = encode(EXCERPTS, "--set", "encode.minimum-frames=20");
    assertThat(other.status()).isEqualTo(3);
    assertThat(other.err()).contains("encode.minimum-frames");

    truncateAShard();
    CommandLineRun truncated = CommandLineRun.of("inspect", shards());
    assertThat(truncated.status()).isEqualTo(3);
    assertThat(truncated.err()).contains("truncated");
  }

  @Test
  void inputThatIsNotThereIsBadInput() {
    CommandLineRun run = encode(folder.resolve("none"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("none");
  }

  @Test
  void emptyInputIsBadInput() throws IOException {
    CommandLineRun run = encode(Files.createDirectory(folder.resolve("empty")));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("empty");
  }

  @Test
  void valueOutOfRangeIsWrongUsage() {
    CommandLineRun run = encode(EXCERPTS, "--set", "encode.image-size=0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--set: encode.image-size = \"0\"");
  }

  @Test
  void inspectedFolderThatIsNotThereOrHoldsNothingIsBadInput() throws IOException {
    CommandLineRun absent = CommandLineRun.of("inspect", folder.resolve("none").toString());
    assertThat(absent.status()).isEqualTo(3);
    assertThat(absent.err()).contains("none");
    Path empty = Files.createDirectory(folder.resolve("nothing"));
    CommandLineRun nothing = CommandLineRun.of("inspect", empty.toString());
    assertThat(nothing.status()).isEqualTo(3);
    assertThat(nothing.err()).contains("nothing");
  }

  private CommandLineRun encode(Path input, String... more) {
    List<String> args = new ArrayList<>(List.of("encode", "--input", input.toString()));
    args.addAll(List.of("--output", shards(), "--master", "local[2]"));
    args.addAll(List.of("--set", "source.layout=ucf101", "--set", "encode.image-size=32"));
    args.addAll(List.of("--set", "spark.properties.ui.enabled=false"));
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(new String[0]));
  }

  private void truncateAShard() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(shards()))) {
      Path shard = files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
      try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 2);
      }
    }
  }

  private String shards() {
    return folder.resolve("shards").toString();
  }
}
