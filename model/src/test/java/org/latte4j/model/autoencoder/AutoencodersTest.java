package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.weights.WeightFormatException;
import org.nd4j.linalg.api.buffer.DataType;

class AutoencodersTest {
  private static final Supplier<Kernels> KERNELS = () -> new PortableKernels(DataType.FLOAT);

  private static final Supplier<Kernels> NONE =
      () -> {
        throw new AssertionError("no kernels are needed");
      };

  @TempDir Path folder;

  @BeforeEach
  void copyTinyVae() throws IOException {
    try (Stream<Path> files = Files.list(TinyVae.folder())) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void cosineTransformIsOpenedByName() throws IOException {
    try (Autoencoder autoencoder = Autoencoders.open("dct-8-24-6", NONE)) {
      assertThat(autoencoder.downsampling()).isEqualTo(8);
      assertThat(autoencoder.latentChannels()).isEqualTo(36);
    }
  }

  @Test
  void malformedNameOfACosineTransformIsRefused() {
    assertThatThrownBy(() -> Autoencoders.open("dct-4-x-2", NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"dct-4-x-2\"");
  }

  @Test
  void folderIsOpenedByPath() throws IOException {
    try (Autoencoder autoencoder = Autoencoders.open(folder.toString(), KERNELS)) {
      assertThat(autoencoder).isInstanceOf(AutoencoderKl.class);
      assertThat(autoencoder.downsampling()).isEqualTo(2);
      assertThat(autoencoder.latentChannels()).isEqualTo(4);
      assertThat(autoencoder.scalingFactor()).isEqualTo(0.18215);
    }
  }

  @Test
  void fingerprintIsThatOfConfigurationAndWeights() throws IOException {
    String before = fingerprint();
    // sha256sum of config.json and diffusion_pytorch_model.safetensors, concatenated.
    assertThat(before)
        .isEqualTo(
            "autoencoder-kl:6e8e3cbaa754be483dc3f78135bada81359111fbbc39eb8bccb8269bec6a215b");
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("0.18215", "0.13025"));
    assertThat(fingerprint()).isNotEqualTo(before);
  }

  @Test
  void shardsWithAnIndexAreOneModel() throws IOException {
    Files.move(
        folder.resolve("diffusion_pytorch_model.safetensors"),
        folder.resolve("diffusion_pytorch_model-00001-of-00001.safetensors"));
    StringBuilder map = new StringBuilder();
    for (String name : TinyVae.weights().names()) {
      map.append(map.isEmpty() ? "" : ",")
          .append("\"%s\": \"diffusion_pytorch_model-00001-of-00001.safetensors\"".formatted(name));
    }
    Files.writeString(
        folder.resolve("diffusion_pytorch_model.safetensors.index.json"),
        "{\"metadata\": {}, \"weight_map\": {" + map + "}}");
    try (Autoencoder whole = AutoencoderKl.open(TinyVae.folder(), KERNELS);
        Autoencoder sharded = AutoencoderKl.open(folder, KERNELS)) {
      float[] image = TinyVae.fixture().floats("rect_x");
      assertThat(sharded.encode(image, 1, 24, 40)).isEqualTo(whole.encode(image, 1, 24, 40));
      assertThat(sharded.fingerprint()).isNotEqualTo(whole.fingerprint());
    }
  }

  @Test
  void missingFolderIsNamed() {
    Path missing = folder.resolve("nothing");
    assertThatThrownBy(() -> AutoencoderKl.open(missing, NONE))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(missing + " is not a folder");
  }

  @Test
  void folderWithoutWeightsSaysWhatWasLookedFor() throws IOException {
    Files.delete(folder.resolve("diffusion_pytorch_model.safetensors"));
    assertThatThrownBy(() -> AutoencoderKl.open(folder, NONE))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(folder + " holds no weights")
        .hasMessageContaining("diffusion_pytorch_model.safetensors.index.json");
  }

  @Test
  void folderWithoutConfigurationIsRefused() throws IOException {
    Files.delete(folder.resolve("config.json"));
    assertThatThrownBy(() -> AutoencoderKl.open(folder, NONE))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("config.json does not exist");
  }

  @Test
  void configurationOfAnotherModelIsRefusedBeforeWeightsAreRead() throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replace("\"latent_channels\": 4", "\"latent_channels\": 8"));
    assertThatThrownBy(() -> AutoencoderKl.open(folder, NONE))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("encoder.conv_out.weight has shape [8, 64, 3, 3]")
        .hasMessageContaining("asks for [16, 64, 3, 3]");
  }

  @Test
  void truncatedWeightsAreRefused() throws IOException {
    Path weights = folder.resolve("diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> AutoencoderKl.open(folder, NONE))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("diffusion_pytorch_model.safetensors");
  }

  private String fingerprint() throws IOException {
    try (Autoencoder autoencoder = AutoencoderKl.open(folder, KERNELS)) {
      return autoencoder.fingerprint();
    }
  }
}
