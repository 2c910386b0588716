package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train-autoencoder} on one of the excerpts that ship with the project. */
class TrainAutoencoderVerbTest {
  private static final Path CUP = Path.of("..", "conf", "demo", "excerpts", "Cup");

  @TempDir Path folder;

  @Test
  void saysWhereTheAutoencoderLiesAndHowGoodItIs() throws IOException {
    Path json = folder.resolve("result.json");
    CommandLineRun first = run("--json", json.toString());
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.err()).contains("frames: ", " of 16 x 16 pixels", "videos (", "L1 0.", "KL ");
    assertThat(first.out())
        .contains("held-out videos, trained: PSNR ", "held-out videos, dct-2-")
        .contains("autoencoder: " + folder.resolve("run/autoencoder"));
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.get("rounds").asInt()).isEqualTo(1);
    assertThat(report.get("held-out").get(0).get("psnr").asDouble()).isPositive();
    assertThat(report.get("scaling-factor").asDouble()).isPositive();
    assertThat(
            report.get("series").get("round").get(0).get("terms").get("kl-divergence").asDouble())
        .isPositive();

    CommandLineRun again = run();
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("nothing to train: the run is finished");
  }

  @Test
  void leavesReportAndTensorBoardsFiles() throws IOException {
    assertThat(run().status()).isZero();
    assertThat(Files.readString(folder.resolve("run/report.html")))
        .contains("1 of 1", "Loss: kl-divergence", "train-autoencoder --input", "finished")
        .contains("held-out videos, trained: PSNR ", "scaling factor");
    try (Stream<Path> files = Files.list(folder.resolve("run/tensorboard"))) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("events.out")))
          .singleElement()
          .satisfies(
              events ->
                  assertThat(Files.readString(events, StandardCharsets.ISO_8859_1))
                      .contains("train/loss", "train/absolute-error", "phase-seconds/gather"));
    }
  }

  private CommandLineRun run(String... more) throws IOException {
    Path list = folder.resolve("videos.csv");
    Files.writeString(list, "path,split\nv_Cup_g01_c01.mp4,train\nv_Cup_g02_c01.mp4,test\n");
    List<String> args = new ArrayList<>(List.of("train-autoencoder", "--master", "local[1]"));
    args.addAll(List.of("--input", CUP.toString(), "--output", folder.resolve("run").toString()));
    for (String setting :
        List.of(
            "source.layout=list",
            "source.lists=" + list,
            "encode.image-size=16",
            "autoencoder.block-out-channels=4,8",
            "autoencoder.layers-per-block=1",
            "autoencoder.norm-groups=2",
            "train.rounds=1",
            "train.local-steps=1",
            "train.workers=1",
            "spark.preflight=warn",
            "spark.properties.ui.enabled=false")) {
      args.addAll(List.of("--set", setting));
    }
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(new String[0]));
  }
}
