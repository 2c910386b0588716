package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.model.card.ModelCard;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.weights.Float16;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;
import org.latte4j.spark.checkpoint.TrainedModel;
import org.latte4j.spark.convert.ConversionInput;

class ConvertVerbTest {
  /** One output of every format. */
  private static final List<String> FORMATS =
      List.of("w.pt", "w.safetensors", "w.safetensors.index.json", "w.zip", "folder");

  private static final String DEMO = "../conf/demo/checkpoint";

  @TempDir Path folder;

  static Stream<List<String>> pairs() {
    return FORMATS.stream().flatMap(from -> FORMATS.stream().map(to -> List.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everyFormatBecomesEveryOtherBitForBit(List<String> pair) throws IOException {
    String first = folder.resolve("first").resolve(pair.get(0)).toString();
    String second = folder.resolve("second").resolve(pair.get(1)).toString();
    convert(Golden.file("cfg2hot.pt"), first, "--part", "ema");
    // The part keeps its name in a .pt alone; elsewhere it is the only set.
    convert(first, second);
    try (WeightSource expected = Weights.open(Path.of(Golden.file("cfg2hot.pt")), Part.EMA);
        WeightSource actual = onlyPart(second)) {
      assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String name : expected.names()) {
        assertThat(actual.shape(name)).isEqualTo(expected.shape(name));
        if (name.endsWith("_embed")) {
          // A network of Deeplearning4j computes its tables.
          assertThat(Golden.largestDifference(actual.floats(name), expected.floats(name)))
              .isLessThan(1e-6);
        } else {
          assertThat(actual.floats(name)).isEqualTo(expected.floats(name));
        }
      }
    }
  }

  @Test
  void aTorchCheckpointGetsEveryPartUnlessOneIsAskedFor() throws IOException {
    String both = folder.resolve("both.pt").toString();
    String one = folder.resolve("one.pt").toString();
    CommandLineRun run = convert(Golden.file("cfg2hot.pt"), both);
    convert(both, one, "--part", "model");
    assertThat(run.out()).startsWith("torch checkpoint: model and ema, f32, 53 arrays");
    assertThat(find(both).parts()).containsExactlyInAnyOrder(Part.MODEL, Part.EMA);
    assertThat(find(one).parts()).containsExactly(Part.MODEL);
  }

  @Test
  void halfPrecisionIsRoundedAndHalvesTheFile() throws IOException {
    String whole = folder.resolve("whole.safetensors").toString();
    String half = folder.resolve("half.safetensors").toString();
    convert(Golden.file("cfg2hot.pt"), whole);
    convert(Golden.file("cfg2hot.pt"), half, "--type", "f16");
    assertThat((double) Files.size(Path.of(half)) / Files.size(Path.of(whole)))
        .isBetween(0.49, 0.51);
    try (WeightSource rounded = onlyPart(half);
        WeightSource exact = onlyPart(whole)) {
      float[] expected = exact.floats("blocks.1.mlp.fc1.weight");
      for (int i = 0; i < expected.length; i++) {
        expected[i] = Float16.toFloat(Float16.fromFloat(expected[i]));
      }
      assertThat(rounded.floats("blocks.1.mlp.fc1.weight")).isEqualTo(expected);
    }
  }

  @Test
  void largeSafetensorsBecomeShards() throws IOException {
    Path json = folder.resolve("r.json");
    convert(
        Golden.file("cfg2hot.pt"),
        folder.resolve("w.safetensors").toString(),
        "--max-shard-size",
        "500KiB",
        "--json",
        json.toString());
    JsonNode files = new ObjectMapper().readTree(json.toFile()).get("files");
    assertThat(files).hasSize(4);
    assertThat(files.get(3).asText()).endsWith("w.safetensors.index.json");
    assertThat(folder.resolve("w.safetensors")).doesNotExist();
  }

  @Test
  void aFolderOfForeignWeightsSaysWhatSamplingNeeds() throws IOException {
    String target = folder.resolve("model").toString();
    convert(
        Golden.file("cfg2hot.pt"),
        target,
        "--autoencoder",
        "../model/src/test/resources/golden/vae_tiny",
        "--classes",
        "a,b,c,d,e");
    ModelCard card =
        TrainedModel.find(new org.apache.hadoop.fs.Path(target), new Configuration()).card();
    assertThat(card.classes()).containsExactly("a", "b", "c", "d", "e");
    assertThat(card.network().heads()).isEqualTo(4);
    assertThat(card.network().latent().height()).isEqualTo(8);
    assertThat(card.scale()).isEqualTo(0.18215);
    assertThat(card.channelMinimum()).isEmpty();
  }

  @Test
  void whatANetworkPredictsGoesWithIt() throws IOException {
    String zip = folder.resolve("v.zip").toString();
    String target = folder.resolve("of-zip-folder").toString();
    convert(Golden.file("cfg2hot.pt"), zip, "--set", "model.prediction=velocity");
    convert(zip, target);
    assertThat(find(target).prediction()).contains(Prediction.VELOCITY);
  }

  @Test
  void aFolderOfForeignWeightsNeedsAnAutoencoder() {
    CommandLineRun run = run(Golden.file("cfg2hot.pt"), folder.resolve("model").toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--autoencoder FOLDER");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderKeepsItsCard() throws IOException {
    String target = folder.resolve("again").toString();
    convert(DEMO, target, "--type", "f16");
    assertThat(find(target).card()).isEqualTo(find(DEMO).card());
    try (WeightSource again = onlyPart(target);
        WeightSource before = onlyPart(DEMO)) {
      assertThat(again.names()).isEqualTo(before.names());
      String name = "blocks.0.attn.qkv.weight";
      assertThat(again.floats(name)).isEqualTo(before.floats(name));
    }
  }

  @Test
  void aFolderThatIsThereIsNotTouched() throws IOException {
    Path target = Files.createDirectory(folder.resolve("mine"));
    CommandLineRun run = run(DEMO, target.toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("remove it, or name another folder");
  }

  @Test
  void headsOfAnUnknownModelMustBeToldForANetwork() {
    CommandLineRun run =
        CommandLineRun.of(
            "convert",
            "--input",
            Golden.file("cfg2hot.pt"),
            "--output",
            folder.resolve("w.zip").toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--set model.heads=N");
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.bin", "w.onnx", "some.where/w.npz"})
  void namesThatSayNoFormatAreWrongUsage(String name) {
    CommandLineRun run = run(Golden.file("cfg2hot.pt"), folder.resolve(name).toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("the name says the format");
  }

  @Test
  void shardsOfATorchCheckpointAreWrongUsage() {
    CommandLineRun run =
        run(Golden.file("cfg2hot.pt"), folder.resolve("w.pt").toString(), "--max-shard-size", "1m");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--max-shard-size is for safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.pt", "w.safetensors", "w.zip"})
  void damagedInputIsRefusedAndNothingIsWritten(String name) throws IOException {
    Path whole = folder.resolve(name);
    convert(Golden.file("cfg2hot.pt"), whole.toString(), "--part", "ema");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut-" + name), Arrays.copyOf(bytes, bytes.length - 99));
    CommandLineRun run = run(cut.toString(), folder.resolve("out.safetensors").toString());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("cut-" + name);
    assertThat(folder.resolve("out.safetensors")).doesNotExist();
  }

  @Test
  void weightsThatAreNotThereAreBadInput() {
    CommandLineRun run = run(folder.resolve("none.pt").toString(), "w.safetensors");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("none.pt");
  }

  @Test
  void aPartThatIsNotThereIsBadInput() {
    CommandLineRun run =
        run(
            Golden.file("cfg2.model.safetensors"),
            folder.resolve("w.pt").toString(),
            "--part",
            "ema");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("does not say that it is 'ema'");
  }

  private static CommandLineRun convert(String input, String output, String... more) {
    CommandLineRun run = run(input, output, more);
    assertThat(run.status()).as(run.err()).isZero();
    return run;
  }

  /** The heads and the autoencoder are told where they can be needed. */
  private static CommandLineRun run(String input, String output, String... more) {
    List<String> args = new ArrayList<>(List.of("convert", "--input", input, "--output", output));
    args.addAll(List.of("--set", "model.heads=4"));
    if (output.endsWith("folder")) {
      args.addAll(List.of("--autoencoder", "../model/src/test/resources/golden/vae_tiny"));
    }
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(new String[0]));
  }

  private static ConversionInput find(String location) throws IOException {
    return ConversionInput.find(location, new Configuration());
  }

  private static WeightSource onlyPart(String location) throws IOException {
    ConversionInput input = find(location);
    assertThat(input.parts()).hasSize(1);
    return input.open(input.parts().iterator().next());
  }
}
