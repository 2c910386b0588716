package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatteTest {
  @TempDir Path folder;

  /** Every verb with options that parse. */
  static Stream<List<String>> verbs() {
    return Stream.of(
        List.of("demo", "--from-scratch", "--output", "out"),
        List.of("encode", "--input", "in", "--output", "out"),
        List.of(
            "encode-text", "--input", "i", "--tokenizer", "t", "--encoder", "e", "--output", "o"),
        List.of("train", "--shards", "in", "--output", "out"),
        List.of("sample", "--checkpoint", "in", "--output", "out"),
        List.of("denoise", "--weights", "w", "--inputs", "in", "--output", "out"),
        List.of("autoencode", "--autoencoder", "a", "--inputs", "in", "--output", "out"),
        List.of("convert", "--input", "in", "--output", "out.pt"),
        List.of("estimate"),
        List.of("inspect", "in"),
        List.of("bench", "step"),
        List.of("bench", "average", "--floats", "1000", "--workers", "2"),
        List.of("doctor"));
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void helpOfEveryVerbNamesTheCommonOptions(List<String> verb) {
    List<String> args = new ArrayList<>(verb.subList(0, verb.get(0).equals("bench") ? 2 : 1));
    args.add("--help");
    CommandLineRun run = run(args);
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("--config", "--set", "--json", "--verbose", "Usage: latte");
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbRefusesAnUnknownKeyBeforeItStarts(List<String> verb) {
    CommandLineRun run = run(with(verb, "--set", "train.round=3"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("unknown setting train.round (did you mean train.rounds?)");
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbRefusesASettingsFileThatIsNotThere(List<String> verb) {
    CommandLineRun run = run(with(verb, "--config", folder.resolve("none.conf").toString()));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("none.conf: no such settings file");
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbRefusesAnUnknownOption(List<String> verb) {
    CommandLineRun run = run(with(verb, "--no-such-option"));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--no-such-option");
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbReportsAFailureAsJson(List<String> verb) throws IOException {
    Path json = folder.resolve("made/for/it/result.json");
    run(with(verb, "--set", "train.round=3", "--json", json.toString()));
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("status").asText()).isEqualTo("failed");
    assertThat(report.get("exit-status").asInt()).isEqualTo(2);
    assertThat(report.get("error").asText()).contains("train.round");
    assertThat(String.join(" ", verb)).startsWith(report.get("verb").asText());
    assertThat(report.get("seconds").asDouble()).isNotNegative();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bench", "no-such-verb", "train", "encode --input"})
  void incompleteCommandLineIsWrongUsage(String line) {
    CommandLineRun run = run(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Usage: latte");
  }

  @Test
  void wrongUsageIsReportedAsJsonToo() throws IOException {
    Path json = folder.resolve("result.json");
    run(List.of("train", "--json=" + json));
    assertThat(new ObjectMapper().readTree(json.toFile()).get("error").asText())
        .contains("--shards");
  }

  @Test
  void reportThatCannotBeWrittenIsWrongUsageBeforeTheWorkStarts() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CommandLineRun run = run(List.of("doctor", "--json", file.resolve("r.json").toString()));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void doctorReportsItsFindingsAsJson() throws IOException {
    Path json = folder.resolve("result.json");
    CommandLineRun run = run(List.of("doctor", "--master", "local[2]", "--json", json.toString()));
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("status").asText()).isEqualTo("done");
    assertThat(report.get("verb").asText()).isEqualTo("doctor");
    assertThat(report.findValuesAsText("subject"))
        .contains("java", "vector API", "memory", "limits", "backend", "BLAS", "GPU", "video");
    assertThat(folder.toFile().list()).containsExactly("result.json");
  }

  @Test
  void doctorEndsWithTheEnvironmentStatusWhenTheMasterIsAway() {
    CommandLineRun run = run(List.of("doctor", "--master", "spark://localhost:1"));
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.out()).contains("BAD   master").contains("-> Start it");
  }

  @Test
  void masterMayBeASetting() {
    CommandLineRun run = run(List.of("doctor", "--set", "spark.master=mesos://old"));
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains("mesos://old: not a Spark master");
  }

  private static List<String> with(List<String> verb, String... more) {
    List<String> args = new ArrayList<>(verb);
    args.addAll(List.of(more));
    return args;
  }

  private static CommandLineRun run(List<String> args) {
    return CommandLineRun.of(args.toArray(new String[0]));
  }
}
