package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} and {@code report} on a tiny model. */
class ReportVerbTest {
  private static final Path EXCERPTS = Path.of("..", "conf", "demo", "excerpts");

  @TempDir Path folder;

  @Test
  void trainTellsWhereItsSeriesStandAndReportMakesThePageAgain() throws IOException {
    assertDone(
        run(
            List.of(
                "encode",
                "--input",
                EXCERPTS.toString(),
                "--output",
                at("shards"),
                "--master",
                "local[2]")));
    Path json = folder.resolve("train.json");
    CommandLineRun trained =
        run(
            List.of(
                "train",
                "--shards",
                at("shards"),
                "--output",
                at("run"),
                "--master",
                "local[2]",
                "--json",
                json.toString()));
    assertDone(trained);
    assertThat(trained.err())
        .containsPattern("train: 2/2 rounds, .*epoch 1.00, loss .*samples/s, averaged .* MB/s");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("rounds").asLong()).isEqualTo(2);
    JsonNode last = report.get("series").get("round").get(0);
    assertThat(last.get("finished-rounds").asLong()).isEqualTo(2);
    assertThat(last.get("loss").asDouble()).isPositive();
    assertThat(last.get("phases").get("average").asDouble()).isPositive();
    Path page = folder.resolve("run/report.html");
    assertThat(page).exists();

    Files.delete(page);
    assertDone(CommandLineRun.of("report", at("run")));
    assertThat(Files.readString(page)).contains("2 of 2", "bin/latte train --shards");
  }

  @Test
  void folderWithoutAHistoryIsBadInput() {
    CommandLineRun run = CommandLineRun.of("report", folder.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("no history");
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private static void assertDone(CommandLineRun run) {
    assertThat(run.status()).as(run.err()).isZero();
  }

  private static CommandLineRun run(List<String> verb) {
    List<String> args = new ArrayList<>(verb);
    for (String setting :
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
            "spark.properties.ui.enabled=false")) {
      args.addAll(List.of("--set", setting));
    }
    return CommandLineRun.of(args.toArray(new String[0]));
  }
}
