package org.latte4j.model.autoencoder;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.latte4j.model.weights.WeightFormatException;

/** Reads the {@code config.json} that diffusers writes beside an AutoencoderKL's weights. */
final class DiffusersConfigReader {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Keys that say nothing about the network's function in single precision. */
  private static final Set<String> WITHOUT_EFFECT = Set.of("sample_size", "force_upcast");

  private static final Set<String> SIZES =
      Set.of(
          "block_out_channels",
          "layers_per_block",
          "latent_channels",
          "norm_num_groups",
          "scaling_factor");

  /** Keys of which only one value is implemented, with that value as JSON. */
  private static final Map<String, String> FIXED =
      Map.of(
          "act_fn", "\"silu\"",
          "in_channels", "3",
          "out_channels", "3",
          "mid_block_add_attention", "true",
          "use_quant_conv", "true",
          "use_post_quant_conv", "true",
          "shift_factor", "null",
          "latents_mean", "null",
          "latents_std", "null");

  private static final String DOWN_BLOCKS = "down_block_types";
  private static final String UP_BLOCKS = "up_block_types";

  private final Path file;
  private final JsonNode config;

  private DiffusersConfigReader(Path file, JsonNode config) {
    this.file = file;
    this.config = config;
  }

  static AutoencoderKlConfig read(Path file) throws IOException {
    return new DiffusersConfigReader(file, parse(file)).read();
  }

  private static JsonNode parse(Path file) throws IOException {
    JsonNode config;
    try {
      config = JSON.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new WeightFormatException(
          file
              + " does not exist: expected diffusers' folder of an AutoencoderKL (in a Stable"
              + " Diffusion pipeline, its subfolder vae)",
          e);
    } catch (JsonProcessingException e) {
      throw new WeightFormatException(file + " is not valid JSON: " + e.getMessage(), e);
    }
    if (!config.isObject()) {
      throw new WeightFormatException(file + " does not hold a JSON object");
    }
    return config;
  }

  private AutoencoderKlConfig read() throws WeightFormatException {
    requireClass();
    requireKnownKeys();
    List<Integer> channels = integers("block_out_channels");
    requireBlocks(DOWN_BLOCKS, "DownEncoderBlock2D", channels.size());
    requireBlocks(UP_BLOCKS, "UpDecoderBlock2D", channels.size());
    int layers = integer("layers_per_block");
    int latentChannels = integer("latent_channels");
    int groups = integer("norm_num_groups");
    try {
      return new AutoencoderKlConfig(channels, layers, latentChannels, groups, scalingFactor());
    } catch (IllegalArgumentException e) {
      throw new WeightFormatException(file + ": " + e.getMessage(), e);
    }
  }

  private void requireClass() throws WeightFormatException {
    JsonNode name = config.path("_class_name");
    if (!name.isMissingNode() && !name.asText().equals("AutoencoderKL")) {
      throw new WeightFormatException(
          "%s: _class_name is %s, but only \"AutoencoderKL\" can be read".formatted(file, name));
    }
  }

  private void requireKnownKeys() throws WeightFormatException {
    for (Iterator<String> keys = config.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      boolean known =
          key.startsWith("_")
              || WITHOUT_EFFECT.contains(key)
              || SIZES.contains(key)
              || key.equals(DOWN_BLOCKS)
              || key.equals(UP_BLOCKS);
      if (known) {
        continue;
      }
      String only = FIXED.get(key);
      if (only == null) {
        throw new WeightFormatException(
            ("%s: unknown key %s = %s; it may change the network, so it is not ignored (remove it if"
                    + " it does not)")
                .formatted(file, key, config.get(key)));
      }
      if (!only.equals(config.get(key).toString())) {
        throw new WeightFormatException(
            "%s: %s = %s is not implemented, only %s".formatted(file, key, config.get(key), only));
      }
    }
  }

  private void requireBlocks(String key, String type, int levels) throws WeightFormatException {
    JsonNode types = required(key);
    if (!types.isArray() || types.size() != levels) {
      throw new WeightFormatException(
          "%s: %s must list %d block types, as many as block_out_channels, not %s"
              .formatted(file, key, levels, types));
    }
    for (JsonNode each : types) {
      if (!each.asText().equals(type)) {
        throw new WeightFormatException(
            "%s: block type %s in %s is not implemented, only \"%s\""
                .formatted(file, each, key, type));
      }
    }
  }

  private double scalingFactor() throws WeightFormatException {
    JsonNode value = config.path("scaling_factor");
    if (value.isMissingNode()) {
      // Files from before the key was introduced are Stable Diffusion's.
      return AutoencoderKlConfig.STABLE_DIFFUSION.scalingFactor();
    }
    if (!value.isNumber()) {
      throw new WeightFormatException(
          "%s: scaling_factor must be a number, not %s".formatted(file, value));
    }
    return value.doubleValue();
  }

  private List<Integer> integers(String key) throws WeightFormatException {
    JsonNode values = required(key);
    List<Integer> integers = new ArrayList<>();
    if (values.isArray()) {
      for (JsonNode value : values) {
        integers.add(integer(key, value));
      }
    }
    if (integers.isEmpty()) {
      throw new WeightFormatException(
          "%s: %s must be a list of integers, not %s".formatted(file, key, values));
    }
    return integers;
  }

  private int integer(String key) throws WeightFormatException {
    return integer(key, required(key));
  }

  private int integer(String key, JsonNode value) throws WeightFormatException {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new WeightFormatException(
          "%s: %s needs an integer, not %s".formatted(file, key, value));
    }
    return value.intValue();
  }

  private JsonNode required(String key) throws WeightFormatException {
    JsonNode value = config.path(key);
    if (value.isMissingNode()) {
      throw new WeightFormatException(file + ": the key " + key + " is missing");
    }
    return value;
  }
}
