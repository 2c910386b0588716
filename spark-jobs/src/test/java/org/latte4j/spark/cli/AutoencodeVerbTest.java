package org.latte4j.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;

class AutoencodeVerbTest {
  private static final String FIXTURE = Golden.file("vae_tiny.fixture.safetensors");

  @TempDir Path folder;

  @Test
  void roundTripOfAnAutoencoderKlIsDiffusers() throws IOException {
    CommandLineRun run = autoencode(Golden.file("vae_tiny"), FIXTURE);
    assertThat(run.status()).as(run.err()).isZero();
    for (String name : new String[] {"mean", "logvar", "decoded"}) {
      assertClose(name);
    }
  }

  @Test
  void cosineTransformThatKeepsEverythingGivesTheImagesBack() throws IOException {
    CommandLineRun run = autoencode("dct-4-16-16", FIXTURE);
    assertThat(run.status()).as(run.err()).isZero();
    try (WeightSource input = Weights.open(Path.of(FIXTURE), Part.MODEL);
        WeightSource output = Weights.open(output(), Part.MODEL)) {
      assertThat(output.shape("mean")).containsExactly(2, 48, 8, 8);
      assertThat(Golden.largestDifference(output.floats("decoded"), input.floats("x")))
          .isLessThan(1e-5);
    }
  }

  @Test
  void autoencoderThatIsNotThereIsBadInput() {
    CommandLineRun run = autoencode(folder.resolve("none").toString(), FIXTURE);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("none");
  }

  @Test
  void cosineTransformOutOfRangeIsWrongUsage() {
    CommandLineRun run = autoencode("dct-4-17-2", FIXTURE);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("1 to 16, not 17");
  }

  @Test
  void imagesThatDoNotFitAreBadInput() {
    CommandLineRun run = autoencode("dct-5-3-1", FIXTURE);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("multiples of 5");
  }

  private void assertClose(String name) throws IOException {
    try (WeightSource expected = Weights.open(Path.of(FIXTURE), Part.MODEL);
        WeightSource output = Weights.open(output(), Part.MODEL)) {
      if (name.equals("decoded")) {
        assertThat(output.shape(name)).isEqualTo(expected.shape("x"));
      } else {
        assertThat(Golden.largestDifference(output.floats(name), expected.floats(name)))
            .as(name)
            .isLessThan(1e-4);
      }
    }
  }

  private CommandLineRun autoencode(String autoencoder, String inputs) {
    return CommandLineRun.of(
        "autoencode",
        "--autoencoder",
        autoencoder,
        "--inputs",
        inputs,
        "--output",
        output().toString());
  }

  private Path output() {
    return folder.resolve("out.safetensors");
  }
}
