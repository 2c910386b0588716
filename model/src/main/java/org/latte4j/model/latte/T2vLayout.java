package org.latte4j.model.latte;

import java.util.LinkedHashMap;
import java.util.List;
import org.latte4j.model.parameters.FlatLayout;
import org.latte4j.model.parameters.Start;

/**
 * Where each parameter of LatteT2V lies in one flat vector: under its released name, and under the
 * name that the modules of this package look for. Queries, keys and values, which are released one
 * by one, lie behind each other, so that the modules find them fused.
 *
 * <p>Immutable and thread-safe.
 */
public final class T2vLayout extends FlatLayout {
  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, Parameter> byModule = new LinkedHashMap<>();
  private final int width;

  /** The parameters of a model of these sizes. */
  public T2vLayout(T2vConfiguration configuration) {
    LatteConfiguration network = configuration.network();
    this.width = network.hiddenSize();
    int p = network.patchSize();
    int channels = network.latent().channels();
    add("x_embedder.proj.weight", List.of("pos_embed.proj.weight"), width, channels, p, p);
    add("x_embedder.proj.bias", List.of("pos_embed.proj.bias"), width);
    String timestep = "adaln_single.emb.timestep_embedder.linear_";
    linear("t_embedder.mlp.0", timestep + "1", width, LatteConfiguration.TIMESTEP_FREQUENCIES);
    linear("t_embedder.mlp.2", timestep + "2", width, width);
    linear("adaln_single.linear", "adaln_single.linear", 6 * width, width);
    String caption = "caption_projection.linear_";
    linear(caption + "1", caption + "1", width, configuration.textWidth());
    linear(caption + "2", caption + "2", width, width);
    for (int i = 0; i < configuration.layers(); i++) {
      String spatial = spatialBlock(i);
      selfAttention(spatial);
      crossAttention(spatial);
      feedForward(spatial);
    }
    for (int i = 0; i < configuration.layers(); i++) {
      String temporal = temporalBlock(i);
      selfAttention(temporal);
      feedForward(temporal);
    }
    add("scale_shift_table", List.of("scale_shift_table"), 2, width);
    linear("final_layer.linear", "proj_out", p * p * 2 * channels, width);
  }

  static String spatialBlock(int layer) {
    return "transformer_blocks." + layer;
  }

  static String temporalBlock(int layer) {
    return "temporal_transformer_blocks." + layer;
  }

  private void selfAttention(String block) {
    add(block + ".scale_shift_table", List.of(block + ".scale_shift_table"), 6, width);
    String attention = block + ".attn1";
    fused(
        attention + ".qkv", List.of(attention + ".to_q", attention + ".to_k", attention + ".to_v"));
    linear(attention + ".proj", attention + ".to_out.0", width, width);
  }

  private void crossAttention(String block) {
    String attention = block + ".attn2";
    linear(attention + ".q", attention + ".to_q", width, width);
    fused(attention + ".kv", List.of(attention + ".to_k", attention + ".to_v"));
    linear(attention + ".proj", attention + ".to_out.0", width, width);
  }

  private void feedForward(String block) {
    int wide = LatteConfiguration.MLP_RATIO * width;
    linear(block + ".ff.fc1", block + ".ff.net.0.proj", wide, width);
    linear(block + ".ff.fc2", block + ".ff.net.2", width, wide);
  }

  private void fused(String module, List<String> names) {
    add(module + ".weight", ends(names, ".weight"), names.size() * width, width);
    add(module + ".bias", ends(names, ".bias"), names.size() * width);
  }

  private static List<String> ends(List<String> names, String end) {
    return names.stream().map(name -> name + end).toList();
  }

  private void linear(String module, String name, int outputs, int inputs) {
    add(module + ".weight", List.of(name + ".weight"), outputs, inputs);
    add(module + ".bias", List.of(name + ".bias"), outputs);
  }

  /** A parameter whose first dimension is shared evenly between the released ones. */
  private void add(String module, List<String> names, Integer... shape) {
    byModule.put(module, new Parameter(module, length(), List.of(shape), Start.ZERO));
    shape[0] /= names.size();
    for (String name : names) {
      add(name, Start.ZERO, List.of(shape));
    }
  }

  /** A parameter under the name of the module that uses it. */
  Parameter ofModule(String module) {
    Parameter parameter = byModule.get(module);
    if (parameter == null) {
      throw new IllegalArgumentException("LatteT2V has no parameter named " + module);
    }
    return parameter;
  }
}
