package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimateVerbTest {
  @TempDir Path folder;

  @Test
  void xl2HasThePublishedParametersAndMultiplyAdds() throws IOException {
    JsonNode report = estimate("--config", "../conf/models/XL-2.conf");
    assertThat(report.get("parameters").asLong()).isEqualTo(673_681_568L);
    assertThat(report.at("/multiply-adds/published").asLong() / 1e9).isBetween(1857.5, 1857.7);
    assertThat(report.at("/training/vector-bytes").asLong()).isEqualTo(16 * 673_681_568L);
  }

  @Test
  void parametersAreTheFirstOfTheResults() throws IOException {
    List<String> keys = new ArrayList<>();
    estimate("--config", "../conf/models/S-8.conf").fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .containsSubsequence("seconds", "parameters", "multiply-adds", "training", "sampling");
    assertThat(keys.indexOf("parameters")).isEqualTo(4);
  }

  @Test
  void checkpointingAndMicroBatchesSaveMemoryInTraining() throws IOException {
    JsonNode whole = estimate("--config", "../conf/models/S-4.conf");
    JsonNode saved =
        estimate(
            "--config",
            "../conf/models/S-4.conf",
            "--set",
            "model.gradient-checkpointing=true",
            "--set",
            "train.micro-batch=1");
    assertThat(saved.at("/training/clips").asInt()).isEqualTo(1);
    assertThat(saved.at("/training/activation-bytes").asLong())
        .isLessThan(whole.at("/training/activation-bytes").asLong() / 10);
  }

  @Test
  void sizesThatDoNotFitAreWrongUsage() {
    CommandLineRun run = CommandLineRun.of("estimate", "--latent", "33");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("33 x 33 must be a multiple of the patch size");
  }

  private JsonNode estimate(String... options) throws IOException {
    Path json = folder.resolve("r.json");
    List<String> args = new ArrayList<>(List.of("estimate", "--json", json.toString()));
    args.addAll(List.of(options));
    CommandLineRun run = CommandLineRun.of(args.toArray(new String[0]));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("parameters ");
    return new ObjectMapper().readTree(json.toFile());
  }
}
