package org.latte4j.model.autoencoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * Where each parameter of an AutoencoderKL lies in one flat vector: under diffusers' names and in
 * its order, but that the weights of an attention's queries, keys and values come one after the
 * other, then their biases, so that one product makes all three.
 *
 * <p>Immutable and thread-safe.
 */
public final class KlParameterLayout {
  /** Queries', keys' and values' weights as one matrix [3C, C]; each also has its own name. */
  static final String QKV_WEIGHT = "qkv.weight";

  /** Likewise their biases [3C]. */
  static final String QKV_BIAS = "qkv.bias";

  private static final List<String> PROJECTIONS = List.of("to_q", "to_k", "to_v");
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private long length;

  /**
   * One parameter.
   *
   * @param name in files
   * @param offset of its first value in the flat vector
   * @param shape sizes, outermost first
   */
  public record Parameter(String name, long offset, List<Integer> shape) {
    /** Number of values. */
    public int length() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }

    private int[] sizes() {
      return shape.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /** The parameters of a network of these sizes. */
  public KlParameterLayout(AutoencoderKlConfig config) {
    Map<String, int[]> shapes = DiffusersVaeLayout.of(config);
    for (String name : shapes.keySet()) {
      String queries = PROJECTIONS.get(0) + WEIGHT;
      if (name.endsWith("." + queries)) {
        String attention = name.substring(0, name.length() - queries.length());
        PROJECTIONS.forEach(part -> add(attention + part + WEIGHT, shapes));
        PROJECTIONS.forEach(part -> add(attention + part + BIAS, shapes));
      } else if (!parameters.containsKey(name)) {
        add(name, shapes);
      }
    }
  }

  private void add(String name, Map<String, int[]> shapes) {
    List<Integer> shape = Arrays.stream(shapes.get(name)).boxed().toList();
    Parameter parameter = new Parameter(name, length, shape);
    parameters.put(name, parameter);
    length += parameter.length();
  }

  /** Number of values. */
  public long length() {
    return length;
  }

  /** All parameters in flat order. */
  public List<Parameter> parameters() {
    return new ArrayList<>(parameters.values());
  }

  /**
   * One parameter.
   *
   * @throws IllegalArgumentException if the network has none of this name
   */
  public Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the network has no parameter named " + name);
    }
    return parameter;
  }

  /**
   * The values that a parameter starts with, row-major: PyTorch's defaults, which latent diffusion
   * and diffusers leave as they are. Weights and biases are uniform in plus or minus 1 / sqrt(fan
   * in), norms begin as the identity. Each parameter has its own random stream.
   *
   * @param seed equal seeds give equal values on every machine
   */
  public float[] initialValues(String name, long seed) {
    Parameter parameter = parameter(name);
    float[] values = new float[parameter.length()];
    boolean bias = name.endsWith(BIAS);
    List<Integer> weight =
        bias
            ? parameter(name.substring(0, name.length() - BIAS.length()) + WEIGHT).shape()
            : parameter.shape();
    if (weight.size() == 1) {
      Arrays.fill(values, bias ? 0 : 1);
      return values;
    }
    int fanIn = weight.stream().skip(1).reduce(1, Math::multiplyExact);
    double bound = 1 / Math.sqrt(fanIn);
    RandomStream random = RandomStream.of(seed, Purpose.INITIALISATION, parameter.offset());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.uniform() - 1));
    }
    return values;
  }

  /** Views on a flat vector by name, the joined projections of attentions among them. */
  Map<String, Tensor> views(Tensor flat) {
    Map<String, Tensor> views = new HashMap<>();
    for (Parameter parameter : parameters.values()) {
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
