package org.latte4j.model.autoencoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;

/** Writes an AutoencoderKL as diffusers does: what {@link AutoencoderKl#open} reads. */
public final class DiffusersExport {
  /** Name of the configuration in the folder. */
  public static final String CONFIG = "config.json";

  /** Name of the weights in the folder. */
  public static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  private DiffusersExport() {}

  /**
   * The configuration.
   *
   * @param sampleSize side of the images that the network was trained on, in pixels
   */
  public static byte[] config(AutoencoderKlConfig config, int sampleSize) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("_class_name", "AutoencoderKL");
    json.put("act_fn", "silu");
    json.put("block_out_channels", config.blockOutChannels());
    json.put("down_block_types", everywhere("DownEncoderBlock2D", config));
    json.put("in_channels", 3);
    json.put("latent_channels", config.latentChannels());
    json.put("layers_per_block", config.layersPerBlock());
    json.put("norm_num_groups", config.normGroups());
    json.put("out_channels", 3);
    json.put("sample_size", sampleSize);
    json.put("scaling_factor", config.scalingFactor());
    json.put("up_block_types", everywhere("UpDecoderBlock2D", config));
    try {
      String text = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
      return (text + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings and numbers always become JSON", e);
    }
  }

  private static List<String> everywhere(String block, AutoencoderKlConfig config) {
    return Collections.nCopies(config.levels(), block);
  }

  /**
   * Writes the weights under diffusers' names.
   *
   * @param weights all parameters by their current names
   * @param type F32, F16 or BF16
   * @throws org.latte4j.model.weights.WeightFormatException if the weights are not those of the
   *     configuration
   */
  public static void weights(
      AutoencoderKlConfig config, WeightSource weights, ElementType type, OutputStream out)
      throws IOException {
    KlParameters.check(weights, config);
    // diffusers asks for this remark.
    SafetensorsLayout.Builder layout = SafetensorsLayout.builder().metadata("format", "pt");
    Map<String, int[]> shapes = DiffusersVaeLayout.of(config);
    shapes.forEach((name, shape) -> layout.array(name, type, shape));
    SafetensorsWriter writer = new SafetensorsWriter(out, layout.build());
    for (String name : shapes.keySet()) {
      writer.write(name, weights.floats(name));
    }
    writer.finish();
  }
}
