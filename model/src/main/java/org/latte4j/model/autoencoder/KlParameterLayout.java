package org.latte4j.model.autoencoder;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.parameters.FlatLayout;
import org.latte4j.model.parameters.Start;

/**
 * Where each parameter of an AutoencoderKL lies in one flat vector: under diffusers' names and in
 * its order, but that the weights of an attention's queries, keys and values come one after the
 * other, then their biases, so that one product makes all three.
 *
 * <p>Immutable and thread-safe.
 */
public final class KlParameterLayout extends FlatLayout {
  private static final long serialVersionUID = 1L;

  /** Queries', keys' and values' weights as one matrix [3C, C]; each also has its own name. */
  static final String QKV_WEIGHT = "qkv.weight";

  /** Likewise their biases [3C]. */
  static final String QKV_BIAS = "qkv.bias";

  private static final List<String> PROJECTIONS = List.of("to_q", "to_k", "to_v");
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /** The parameters of a network of these sizes. */
  public KlParameterLayout(AutoencoderKlConfig config) {
    Map<String, int[]> shapes = DiffusersVaeLayout.of(config);
    for (String name : shapes.keySet()) {
      String queries = PROJECTIONS.get(0) + WEIGHT;
      if (name.endsWith("." + queries)) {
        String attention = name.substring(0, name.length() - queries.length());
        PROJECTIONS.forEach(part -> add(attention + part + WEIGHT, shapes));
        PROJECTIONS.forEach(part -> add(attention + part + BIAS, shapes));
      } else if (!has(name)) {
        add(name, shapes);
      }
    }
  }

  private void add(String name, Map<String, int[]> shapes) {
    add(name, start(name, shapes), Arrays.stream(shapes.get(name)).boxed().toList());
  }

  /**
   * PyTorch's defaults, which latent diffusion and diffusers leave as they are: weights and biases
   * are uniform in plus or minus 1 / sqrt(fan in), norms begin as the identity.
   */
  private static Start start(String name, Map<String, int[]> shapes) {
    boolean bias = name.endsWith(BIAS);
    String weight = bias ? name.substring(0, name.length() - BIAS.length()) + WEIGHT : name;
    int[] shape = shapes.get(weight);
    if (shape.length == 1) {
      return bias ? Start.ZERO : Start.ONE;
    }
    int fanIn = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    return Start.uniform(1 / Math.sqrt(fanIn));
  }

  /** Views on a flat vector by name, the joined projections of attentions among them. */
  Map<String, Tensor> views(Tensor flat) {
    Map<String, Tensor> views = new HashMap<>();
    for (Parameter parameter : parameters()) {
      String name = parameter.name();
      views.put(name, flat.slice(parameter.offset(), parameter.sizes()));
      String queries = PROJECTIONS.get(0) + WEIGHT;
      if (name.endsWith("." + queries)) {
        String attention = name.substring(0, name.length() - queries.length());
        int channels = parameter.shape().get(0);
        long biases = parameter(attention + PROJECTIONS.get(0) + BIAS).offset();
        views.put(attention + QKV_WEIGHT, flat.slice(parameter.offset(), 3 * channels, channels));
        views.put(attention + QKV_BIAS, flat.slice(biases, 3 * channels));
      }
    }
    return views;
  }
}
