package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.latte4j.model.weights.WeightFormatException;

class AutoencoderKlConfigTest {
  /** As published with Stable Diffusion's first models: no scaling factor yet. */
  private static final String STABLE_DIFFUSION =
      """
      {"_class_name": "AutoencoderKL", "_diffusers_version": "0.4.2", "act_fn": "silu",
       "block_out_channels": [128, 256, 512, 512],
       "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D",
                            "DownEncoderBlock2D"],
       "in_channels": 3, "latent_channels": 4, "layers_per_block": 2, "norm_num_groups": 32,
       "out_channels": 3, "sample_size": 256,
       "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D",
                          "UpDecoderBlock2D"]}""";

  @TempDir Path folder;

  @Test
  void stableDiffusionsIsRead() throws IOException {
    assertThat(AutoencoderKlConfig.read(write(STABLE_DIFFUSION)))
        .isEqualTo(AutoencoderKlConfig.STABLE_DIFFUSION)
        .extracting(AutoencoderKlConfig::downsampling)
        .isEqualTo(8);
  }

  @Test
  void keysOfLaterVersionsWithTheirNeutralValuesAreRead() throws IOException {
    String json =
        STABLE_DIFFUSION.replace(
            "\"act_fn\"",
            """
            "scaling_factor": 0.13025, "force_upcast": true, "use_quant_conv": true,
            "use_post_quant_conv": true, "mid_block_add_attention": true, "shift_factor": null,
            "latents_mean": null, "latents_std": null, "act_fn\"""");
    assertThat(AutoencoderKlConfig.read(write(json)))
        .isEqualTo(new AutoencoderKlConfig(List.of(128, 256, 512, 512), 2, 4, 32, 0.13025));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "block_out_channels",
        "layers_per_block",
        "latent_channels",
        "norm_num_groups",
        "down_block_types",
        "up_block_types"
      })
  void missingKeyIsNamed(String key) throws IOException {
    Path file = write(STABLE_DIFFUSION.replace('"' + key + '"', "\"_gone\""));
    assertThatThrownBy(() -> AutoencoderKlConfig.read(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessage("%s: the key %s is missing".formatted(file, key));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"silu\"|\"gelu\"|act_fn = \"gelu\" is not implemented, only \"silu\"",
        "\"in_channels\": 3|\"in_channels\": 1|in_channels = 1 is not implemented, only 3",
        "\"sample_size\": 256|\"shift_factor\": 0.1|shift_factor = 0.1 is not implemented",
        "\"sample_size\": 256|\"use_quant_conv\": false|use_quant_conv = false is not implemented",
        "\"sample_size\": 256|\"tiling\": 1|unknown key tiling = 1",
        "\"layers_per_block\": 2|\"layers_per_block\": 2.5|layers_per_block needs an integer",
        "\"layers_per_block\": 2|\"layers_per_block\": 0|layers_per_block must be positive",
        "\"norm_num_groups\": 32|\"norm_num_groups\": 24|norm_num_groups = 24 does not divide 128",
        "[128, 256, 512, 512]|[128, 256, 512]|down_block_types must list 3 block types",
        "[128, 256, 512, 512]|[]|block_out_channels must be a list of integers, not []",
        "[128, 256, 512, 512]|512|block_out_channels must be a list of integers, not 512",
        "\"sample_size\": 256|\"scaling_factor\": \"big\"|scaling_factor must be a number",
        "\"sample_size\": 256|\"scaling_factor\": 0|scaling_factor must be a positive number",
        "\"AutoencoderKL\"|\"VQModel\"|_class_name is \"VQModel\"",
        "\"layers_per_block\": 2,|\"layers_per_block\": 2, \"layers_per_block\": 3,|Duplicate field",
        "\"_class_name\"|_class_name|is not valid JSON"
      })
  void wrongValueIsNamed(String old, String changed, String message) throws IOException {
    assertThat(STABLE_DIFFUSION).contains(old);
    Path file = write(STABLE_DIFFUSION.replace(old, changed));
    assertThatThrownBy(() -> AutoencoderKlConfig.read(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"UpDecoderBlock2D,up_block_types", "DownEncoderBlock2D,down_block_types"})
  void unknownBlockTypeIsNamed(String known, String key) throws IOException {
    Path file = write(STABLE_DIFFUSION.replaceFirst(known, "AttnBlock2D"));
    assertThatThrownBy(() -> AutoencoderKlConfig.read(file))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("\"AttnBlock2D\" in " + key)
        .hasMessageContaining("only \"" + known + "\"");
  }

  @Test
  void missingFileSaysWhatIsExpected() {
    assertThatThrownBy(() -> AutoencoderKlConfig.read(folder.resolve("config.json")))
        .isInstanceOf(WeightFormatException.class)
        .hasMessageContaining("config.json does not exist")
        .hasMessageContaining("subfolder vae");
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("config.json"), json);
  }
}
