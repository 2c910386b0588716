package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each trainable parameter lies in the flat vector, in the order and under the names of the
 * reference implementation.
 *
 * <p>Immutable and thread-safe.
 */
public final class ParameterLayout {

  /** How a parameter starts. */
  public enum Start {
    /** Uniform in plus or minus sqrt(6 / (fan in + fan out)). */
    XAVIER_UNIFORM,
    /** Normal with deviation 0.02. */
    NORMAL,
    /** All zeros. */
    ZERO
  }

  /**
   * One parameter.
   *
   * @param name the reference's name
   * @param offset of its first value in the flat vector
   * @param shape sizes, outermost first
   * @param start how it is initialised
   */
  public record Parameter(String name, long offset, List<Integer> shape, Start start) {
    /** Number of values. */
    public long length() {
      return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Sizes as an array. */
    public int[] sizes() {
      return shape.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private long length;

  /** The parameters of a network of these sizes. */
  public ParameterLayout(LatteConfiguration configuration) {
    int d = configuration.hiddenSize();
    int p = configuration.patchSize();
    int channels = configuration.latent().channels();
    add("x_embedder.proj.weight", Start.XAVIER_UNIFORM, d, channels, p, p);
    add("x_embedder.proj.bias", Start.ZERO, d);
    add("t_embedder.mlp.0.weight", Start.NORMAL, d, LatteConfiguration.TIMESTEP_FREQUENCIES);
    add("t_embedder.mlp.0.bias", Start.ZERO, d);
    add("t_embedder.mlp.2.weight", Start.NORMAL, d, d);
    add("t_embedder.mlp.2.bias", Start.ZERO, d);
    if (configuration.conditional()) {
      add("y_embedder.embedding_table.weight", Start.NORMAL, configuration.classes() + 1, d);
    }
    for (int i = 0; i < configuration.depth(); i++) {
      String block = "blocks." + i;
      int wide = LatteConfiguration.MLP_RATIO * d;
      linear(block + ".attn.qkv", Start.XAVIER_UNIFORM, 3 * d, d);
      linear(block + ".attn.proj", Start.XAVIER_UNIFORM, d, d);
      linear(block + ".mlp.fc1", Start.XAVIER_UNIFORM, wide, d);
      linear(block + ".mlp.fc2", Start.XAVIER_UNIFORM, d, wide);
      linear(block + ".adaLN_modulation.1", Start.ZERO, 6 * d, d);
    }
    linear("final_layer.linear", Start.ZERO, p * p * 2 * channels, d);
    linear("final_layer.adaLN_modulation.1", Start.ZERO, 2 * d, d);
  }

  private void linear(String name, Start start, int outputs, int inputs) {
    add(name + ".weight", start, outputs, inputs);
    add(name + ".bias", Start.ZERO, outputs);
  }

  private void add(String name, Start start, Integer... shape) {
    Parameter parameter = new Parameter(name, length, List.of(shape), start);
    parameters.put(name, parameter);
    length += parameter.length();
  }

  /** Number of trainable values. */
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
}
