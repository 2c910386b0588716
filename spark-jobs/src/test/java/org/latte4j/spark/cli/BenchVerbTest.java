package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.spark.train.TinyTraining;

class BenchVerbTest {
  @TempDir Path folder;

  @Test
  void stepPrintsTimingsInThePeersForm() throws IOException {
    Path json = folder.resolve("r.json");
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "step",
            "--model",
            "2x32x2/2",
            "--frames",
            "2",
            "--latent",
            "4",
            "--runs",
            "3",
            "--threads",
            "1",
            "--json",
            json.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern(
            "train step Latte-2x32x2/2 batch 1 frames 2 latent 4 threads 1:"
                + " runs 3 min \\d+\\.\\d{3} median \\d+\\.\\d{3} max \\d+\\.\\d{3} s");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("verb").asText()).isEqualTo("bench step");
    assertThat(report.get("timings").get("runs").asInt()).isEqualTo(3);
  }

  @Test
  void sizesThatDoNotFitAreWrongUsage() {
    CommandLineRun run = CommandLineRun.of("bench", "step", "--model", "3x32x2/2");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("depth must be even");
  }

  @Test
  void averageReportsBytesOfModelASecond() throws IOException {
    Path json = folder.resolve("r.json");
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "average",
            "--floats",
            "2000",
            "--workers",
            "2",
            "--runs",
            "1",
            "--compare",
            "1",
            "--master",
            "local[2]",
            "--set",
            "spark.properties.ui.enabled=false",
            "--json",
            json.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("average 2000 floats 2 workers: runs 1 min .* MB/s of");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("verb").asText()).isEqualTo("bench average");
    assertThat(report.get("megabytes-of-model-per-second").asDouble()).isPositive();
    JsonNode theirs = report.get("broadcast-and-tree-aggregation");
    assertThat(theirs.get("driver-heap-peak-bytes").asLong()).isPositive();
  }

  @Test
  void noRunsAreWrongUsage() {
    CommandLineRun run = CommandLineRun.of("bench", "step", "--runs", "0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("at least 1");
  }

  @Test
  void decodeReportsProcessorTimeOfProcessAndReader() throws IOException {
    Path json = folder.resolve("r.json");
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "decode",
            "--input",
            "../conf/demo/excerpts/Cup/v_Cup_g01_c01.mp4",
            "--runs",
            "2",
            "--set",
            "encode.image-size=64",
            "--json",
            json.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("decode v_Cup_g01_c01.mp4 resize-crop to 64: 52 frames, CPU");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("decodings")).hasSize(2);
    assertThat(report.get("decodings").get(0).get("process-seconds").asDouble()).isPositive();
  }

  @Test
  void videoThatCannotBeDecodedIsBadInput() {
    CommandLineRun run = CommandLineRun.of("bench", "decode", "--input", "pom.xml");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("not a video");
  }

  @Test
  void planOverASimulatedDataSetTellsHeapAndTimeOfARound() {
    CommandLineRun run = CommandLineRun.of("bench", "read", "--rows", "20000");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("plan 20000 rows: heap \\d+ MB .*a round of 40 samples");
  }

  @Test
  void readNeedsShardsOrRows() {
    CommandLineRun run = CommandLineRun.of("bench", "read");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--shards", "--rows");
  }

  @Test
  void readReportsRowsAndClips() {
    CommandLineRun run =
        CommandLineRun.of(
            "bench",
            "read",
            "--shards",
            TinyTraining.shards().toString(),
            "--clips",
            "20",
            "--runs",
            "1",
            "--set",
            "model.frames=4");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("read 8 rows: ", "read 20 clips: ", "MB/s of CPU");
  }
}
