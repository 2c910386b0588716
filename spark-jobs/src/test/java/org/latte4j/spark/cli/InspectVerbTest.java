package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
