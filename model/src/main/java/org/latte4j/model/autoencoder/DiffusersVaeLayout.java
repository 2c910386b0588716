package org.latte4j.model.autoencoder;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names and shapes of all parameters of diffusers' AutoencoderKL, in the order of its state
 * dictionary.
 */
final class DiffusersVaeLayout {
  /** How files name the projections of the attention blocks. */
  enum AttentionNames {
    /** to_q, to_k, to_v, to_out.0: what diffusers writes now. */
    CURRENT("to_q", "to_k", "to_v", "to_out.0"),
    /** query, key, value, proj_attn: what it wrote at first, and many published files hold. */
    LEGACY("query", "key", "value", "proj_attn");

    private final String query;
    private final String key;
    private final String value;
    private final String out;

    AttentionNames(String query, String key, String value, String out) {
      this.query = query;
      this.key = key;
      this.value = value;
      this.out = out;
    }

    /** A parameter's name in files of this kind, given its current one. */
    String ofCurrent(String name) {
      return name.replace(".to_q.", "." + query + ".")
          .replace(".to_k.", "." + key + ".")
          .replace(".to_v.", "." + value + ".")
          .replace(".to_out.0.", "." + out + ".");
    }
  }

  private static final int COLOURS = 3;

  private final AutoencoderKlConfig config;
  private final Map<String, int[]> shapes = new LinkedHashMap<>();

  private DiffusersVaeLayout(AutoencoderKlConfig config) {
    this.config = config;
  }

  /** Shapes by name, with the current attention names. */
  static Map<String, int[]> of(AutoencoderKlConfig config) {
    DiffusersVaeLayout layout = new DiffusersVaeLayout(config);
    layout.encoder();
    layout.decoder();
    layout.convolution("quant_conv", 2 * config.latentChannels(), 2 * config.latentChannels(), 1);
    layout.convolution("post_quant_conv", config.latentChannels(), config.latentChannels(), 1);
    return Collections.unmodifiableMap(layout.shapes);
  }

  private void encoder() {
    int last = config.levels() - 1;
    convolution("encoder.conv_in", config.channels(0), COLOURS, 3);
    for (int level = 0; level <= last; level++) {
      String block = "encoder.down_blocks." + level;
      int in = config.channels(Math.max(level - 1, 0));
      resnets(block, config.layersPerBlock(), in, config.channels(level));
      if (level < last) {
        convolution(
            block + ".downsamplers.0.conv", config.channels(level), config.channels(level), 3);
      }
    }
    middle("encoder.mid_block", config.channels(last));
    norm("encoder.conv_norm_out", config.channels(last));
    convolution("encoder.conv_out", 2 * config.latentChannels(), config.channels(last), 3);
  }

  private void decoder() {
    int last = config.levels() - 1;
    convolution("decoder.conv_in", config.channels(last), config.latentChannels(), 3);
    for (int i = 0; i <= last; i++) {
      String block = "decoder.up_blocks." + i;
      int in = config.channels(Math.min(last - i + 1, last));
      int out = config.channels(last - i);
      resnets(block, config.layersPerBlock() + 1, in, out);
      if (i < last) {
        convolution(block + ".upsamplers.0.conv", out, out, 3);
      }
    }
    middle("decoder.mid_block", config.channels(last));
    norm("decoder.conv_norm_out", config.channels(0));
    convolution("decoder.conv_out", COLOURS, config.channels(0), 3);
  }

  private void middle(String block, int channels) {
    String attention = block + ".attentions.0";
    norm(attention + ".group_norm", channels);
    linear(attention + ".to_q", channels);
    linear(attention + ".to_k", channels);
    linear(attention + ".to_v", channels);
    linear(attention + ".to_out.0", channels);
    resnets(block, 2, channels, channels);
  }

  private void resnets(String block, int count, int in, int out) {
    for (int i = 0; i < count; i++) {
      String resnet = block + ".resnets." + i;
      int from = i == 0 ? in : out;
      norm(resnet + ".norm1", from);
      convolution(resnet + ".conv1", out, from, 3);
      norm(resnet + ".norm2", out);
      convolution(resnet + ".conv2", out, out, 3);
      if (from != out) {
        convolution(resnet + ".conv_shortcut", out, from, 1);
      }
    }
  }

  private void norm(String name, int channels) {
    shapes.put(name + ".weight", new int[] {channels});
    shapes.put(name + ".bias", new int[] {channels});
  }

  private void linear(String name, int channels) {
    shapes.put(name + ".weight", new int[] {channels, channels});
    shapes.put(name + ".bias", new int[] {channels});
  }

  private void convolution(String name, int out, int in, int kernel) {
    shapes.put(name + ".weight", new int[] {out, in, kernel, kernel});
    shapes.put(name + ".bias", new int[] {out});
  }
}
