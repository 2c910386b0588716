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
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;

class DenoiseVerbTest {
  @TempDir Path folder;

  @Test
  void forwardPassIsTheReferences() throws IOException {
    CommandLineRun run = denoise("cfg2.model.safetensors", Golden.file("cfg2.fixture.safetensors"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Golden.largestDifference(out(), golden("cfg2.fixture", "out"))).isLessThan(1e-5);
  }

  @Test
  void movingAverageOfATorchCheckpointIsUsed() throws IOException {
    CommandLineRun run = denoise("cfg2hot.pt", Golden.file("cfg2hot.fixture.safetensors"), "--ema");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Golden.largestDifference(out(), golden("cfg2hot.fixture", "out_ema")))
        .isLessThan(1e-3);
  }

  @Test
  void doubledBatchIsGuidedAsTheReferenceDoes() throws IOException {
    String inputs = inputs(4, golden("cfg2.fixture", "cfg_t"), golden("cfg2.fixture", "cfg_y"));
    CommandLineRun run = denoise("cfg2.model.safetensors", inputs, "--guidance", "7");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Golden.largestDifference(out(), golden("cfg2.fixture", "cfg_out"))).isLessThan(1e-4);
  }

  @Test
  void batchOfLabelsIsGuidedToTheReferencesFirstHalf() throws IOException {
    String inputs = inputs(2, golden("cfg2.fixture", "cfg_t"), golden("cfg2.fixture", "cfg_y"));
    CommandLineRun run = denoise("cfg2.model.safetensors", inputs, "--guidance", "7");
    assertThat(run.status()).as(run.err()).isZero();
    float[] out = out();
    float[] expected = java.util.Arrays.copyOf(golden("cfg2.fixture", "cfg_out"), out.length);
    assertThat(out).hasSize(2 * 4 * 8 * 8 * 8);
    assertThat(Golden.largestDifference(out, expected)).isLessThan(1e-4);
  }

  @Test
  void imagesAfterTheVideosFramesAreTheReferences() throws IOException {
    CommandLineRun run =
        denoise("img1.model.safetensors", Golden.file("img1.fixture.safetensors"), "--images", "3");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Golden.largestDifference(out(), golden("img1.fixture", "out"))).isLessThan(1e-5);
  }

  @Test
  void imagesThatXDoesNotHoldAreBadInput() {
    CommandLineRun run =
        denoise("img1.model.safetensors", Golden.file("img1.fixture.safetensors"), "--images", "2");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("x has 7 frames, 2 of them images, and 4 channels");
  }

  @Test
  void weightsOfAnotherArchitectureAreBadInput() {
    CommandLineRun run =
        denoise(
            "cfg2.model.safetensors",
            Golden.file("cfg2.fixture.safetensors"),
            "--set",
            "model.variant=3");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("blocks.0.temporal_attn.qkv.weight");
  }

  @Test
  void reportNamesTheSizesOfTheModel() throws IOException {
    Path json = folder.resolve("r.json");
    denoise(
        "cfg2.model.safetensors",
        Golden.file("cfg2.fixture.safetensors"),
        "--json",
        json.toString());
    JsonNode model = new ObjectMapper().readTree(json.toFile()).get("model");
    assertThat(model.get("hidden-size").asInt()).isEqualTo(64);
    assertThat(model.get("heads").asInt()).isEqualTo(4);
    assertThat(model.get("classes").asInt()).isEqualTo(5);
  }

  @Test
  void headsMustBeToldForSizesThatAreNotThePapers() {
    CommandLineRun run =
        CommandLineRun.of(
            "denoise",
            "--weights",
            Golden.file("cfg2.model.safetensors"),
            "--inputs",
            Golden.file("cfg2.fixture.safetensors"),
            "--output",
            folder.resolve("out.safetensors").toString());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--set model.heads=N");
  }

  @Test
  void headsThatDoNotDivideTheWidthAreWrongUsage() {
    CommandLineRun run =
        denoise(
            "cfg2.model.safetensors",
            Golden.file("cfg2.fixture.safetensors"),
            "--set",
            "model.heads=5");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("model.heads = \"5\"")
        .contains("a divisor of the hidden size, 64");
  }

  @Test
  void missingWeightsAreBadInput() {
    CommandLineRun run = denoise("none.safetensors", Golden.file("cfg2.fixture.safetensors"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("none.safetensors");
  }

  @Test
  void truncatedWeightsAreBadInput() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of(Golden.file("cfg2.model.safetensors")));
    Path cut = Files.write(folder.resolve("cut.safetensors"), java.util.Arrays.copyOf(whole, 5000));
    CommandLineRun run =
        CommandLineRun.of(
            arguments(cut.toString(), Golden.file("cfg2.fixture.safetensors"), List.of()));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("cut.safetensors");
  }

  @Test
  void weightsThatAreNotLattesAreBadInput() {
    CommandLineRun run =
        denoise("cfg2.fixture.safetensors", Golden.file("cfg2.fixture.safetensors"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("not the weights of a Latte model");
  }

  @Test
  void inputsOfAnotherShapeAreBadInput() {
    CommandLineRun run = denoise("cfg2.model.safetensors", Golden.file("optim.data.safetensors"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("x has shape [6, 2, 4, 4, 8, 8], but must be [B, F, C, H, W]");
  }

  @Test
  void labelOutsideTheClassesIsBadInput() throws IOException {
    String inputs = inputs(2, new float[] {1, 2}, new float[] {0, 6});
    CommandLineRun run = denoise("cfg2.model.safetensors", inputs);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("y[1] is 6, but must be from 0 to 5");
  }

  @Test
  void modelWithoutClassesCannotBeGuided() {
    CommandLineRun run =
        denoise(
            "cfg1.model.safetensors", Golden.file("cfg2.fixture.safetensors"), "--guidance", "7");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("has no classes");
  }

  private CommandLineRun denoise(String weights, String inputs, String... more) {
    return CommandLineRun.of(arguments(Golden.file(weights), inputs, List.of(more)));
  }

  private String[] arguments(String weights, String inputs, List<String> more) {
    List<String> args = new ArrayList<>(List.of("denoise", "--weights", weights));
    args.addAll(List.of("--inputs", inputs, "--set", "model.heads=4"));
    args.addAll(List.of("--output", folder.resolve("out.safetensors").toString()));
    args.addAll(more);
    return args.toArray(new String[0]);
  }

  /** The first clips of the fixture with other timesteps and labels. */
  private String inputs(int batch, float[] t, float[] y) throws IOException {
    Path file = folder.resolve("in.safetensors");
    float[] x = java.util.Arrays.copyOf(golden("cfg2.fixture", "x"), batch * 4 * 4 * 8 * 8);
    SafetensorsLayout layout =
        SafetensorsLayout.builder()
            .array("t", ElementType.I64, batch)
            .array("y", ElementType.I64, batch)
            .array("x", ElementType.F32, batch, 4, 4, 8, 8)
            .build();
    SafetensorsWriter.save(
        file,
        layout,
        writer -> {
          writer.write("t", longs(t, batch));
          writer.write("y", longs(y, batch));
          writer.write("x", x);
        });
    return file.toString();
  }

  private static long[] longs(float[] values, int count) {
    long[] longs = new long[count];
    for (int i = 0; i < count; i++) {
      longs[i] = (long) values[i];
    }
    return longs;
  }

  private float[] out() throws IOException {
    return tensor(folder.resolve("out.safetensors"), "out");
  }

  private static float[] golden(String file, String name) throws IOException {
    return tensor(Path.of(Golden.file(file + ".safetensors")), name);
  }

  private static float[] tensor(Path file, String name) throws IOException {
    try (WeightSource source = Weights.open(file, Part.MODEL)) {
      if (source.type(name) != ElementType.I64) {
        return source.floats(name);
      }
      long[] longs = source.longs(name);
      float[] floats = new float[longs.length];
      for (int i = 0; i < longs.length; i++) {
        floats[i] = longs[i];
      }
      return floats;
    }
  }
}
