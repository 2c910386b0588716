package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On the weights that ship; shards and checkpoints of real runs are inspected where they are made.
 */
class InspectVerbTest {
  private static final Path SHIPPED = Path.of("../conf/demo/checkpoint");

  @TempDir Path folder;

  @Test
  void exportedWeightsAreShownWithSizesClassesAndOrigin() throws IOException {
    Path json = folder.resolve("inspect.json");
    CommandLineRun run =
        CommandLineRun.of("inspect", SHIPPED.toString(), "--json", json.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("depth 6, width 160, 5 heads, patch 2", "rounds, loss", "whole: ");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("network").get("hidden-size").asInt()).isEqualTo(160);
    assertThat(report.get("classes")).hasSize(4);
  }

  @Test
  void filesOfWeightsAreListedByNameTypeAndShape() throws IOException {
    CommandLineRun single = CommandLineRun.of("inspect", SHIPPED + "/model.safetensors");
    assertThat(single.status()).as(single.err()).isZero();
    assertThat(single.out())
        .containsPattern("model +\\d+ tensors, \\d+ values")
        .contains("f16   blocks.0.attn.qkv.weight [480, 160]");

    Path torch = folder.resolve("both.pt");
    Path network = folder.resolve("network.zip");
    for (Path file : List.of(torch, network)) {
      CommandLineRun converted =
          CommandLineRun.of("convert", "--input", SHIPPED.toString(), "--output", file.toString());
      assertThat(converted.status()).as(converted.err()).isZero();
    }
    assertThat(CommandLineRun.of("inspect", torch.toString()).out())
        .contains("f32   blocks.0.attn.qkv.weight [480, 160]");
    Path json = folder.resolve("inspect.json");
    CommandLineRun zip =
        CommandLineRun.of("inspect", network.toString(), "--json", json.toString());
    assertThat(zip.out()).contains("depth 6, width 160, 5 heads, patch 2");
    JsonNode part = new ObjectMapper().readTree(json.toFile()).get("parts").get(0);
    assertThat(part.get("arrays")).hasSize(part.get("tensors").asInt());
    assertThat(part.get("arrays").get(0).get("shape")).isNotEmpty();
  }

  @Test
  void exportedWeightsThatAreCutShortAreBadInput() throws IOException {
    for (String name : new String[] {"model.json", "model.safetensors"}) {
      Files.copy(SHIPPED.resolve(name), folder.resolve(name));
    }
    try (FileChannel weights =
        FileChannel.open(folder.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
      weights.truncate(weights.size() / 2);
    }
    CommandLineRun run = CommandLineRun.of("inspect", folder.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("model.safetensors");
  }
}
