package org.latte4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.Golden;

class WeightsTest {
  @TempDir Path folder;

  @Test
  void filesAreToldApartByContentNotByName() throws IOException {
    Path torch = folder.resolve("torch.safetensors");
    Path safetensors = folder.resolve("safetensors.pt");
    Files.copy(Golden.path("cfg2hot.pt"), torch);
    Files.copy(Golden.path("cfg2hot.model.safetensors"), safetensors);
    try (WeightSource first = Weights.open(torch, Part.MODEL);
        WeightSource second = Weights.open(safetensors, Part.MODEL)) {
      assertThat(first).isInstanceOf(TorchCheckpoint.class);
      assertThat(second).isInstanceOf(SafetensorsFile.class);
      assertThat(first.names()).isEqualTo(second.names());
    }
  }

  @Test
  void aFolderGivesTheSetThatIsAskedFor() throws IOException {
    Files.copy(Golden.path("cfg2hot.model.safetensors"), folder.resolve("one.safetensors"));
    Files.copy(Golden.path("cfg2hot.ema.safetensors"), folder.resolve("ema.safetensors"));
    Files.write(
        folder.resolve("model.safetensors.index.json"),
        ShardedSafetensors.index(Map.of("pos_embed", "one.safetensors"), 4096));
    try (WeightSource model = Weights.open(folder, Part.MODEL);
        WeightSource ema = Weights.open(folder, Part.EMA)) {
      assertThat(model).isInstanceOf(ShardedSafetensors.class);
      assertThat(ema.description()).endsWith("ema.safetensors");
    }
  }

  @Test
  void aDiffusersFolderIsOpened() throws IOException {
    Path vae = Golden.path("vae_tiny");
    try (WeightSource weights = Weights.open(vae, Part.MODEL)) {
      assertThat(weights.contains("encoder.conv_in.weight")).isTrue();
    }
  }

  @Test
  void aFolderWithoutWeightsSaysWhatItLooksFor() {
    assertThatThrownBy(() -> Weights.open(folder, Part.EMA))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("ema.safetensors.index.json");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Weights.open(folder.resolve("nothing.pt"), Part.MODEL))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("nothing.pt");
  }

  @Test
  void aSingleSetIsNotTakenForTheAverage() {
    assertThatThrownBy(() -> Weights.open(Golden.path("cfg2hot.model.safetensors"), Part.EMA))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("does not say that it is 'ema'");
  }

  @Test
  void otherFilesAreRefusedByName() throws IOException {
    Path file = folder.resolve("notes.txt");
    Files.writeString(file, "some notes, long enough", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Weights.open(file, Part.MODEL))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining("no weight file that is known here");
  }
}
