package org.latte4j.model.latte;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each trainable parameter lies in the flat vector, in the order and under the names of the
 * reference implementation. What the reference lacks is named in its manner:
 *
 * <ul>
 *   <li>{@code blocks.N.temporal_attn}: attention over time in a block of Variants 3 and 4, whose
 *       {@code attn} is the one over space
 *   <li>{@code blocks.N.modulation} and {@code final_layer.modulation} [n, D]: the learned shifts
 *       and scales of all-token conditioning, in place of {@code adaLN_modulation}
 *   <li>{@code x_embedder.proj.weight} [D, C, s, p, p] and {@code final_layer.upsampling} [2C, 2C,
 *       s, 1, 1]: the two 3-D convolutions of compression frame patch embedding
 * </ul>
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
   * @param name in files
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
  private final int width;
  private final Architecture architecture;
  private long length;

  /** The parameters of a network of these sizes. */
  public ParameterLayout(LatteConfiguration configuration) {
    this.width = configuration.hiddenSize();
    this.architecture = configuration.architecture();
    int p = configuration.patchSize();
    int channels = configuration.latent().channels();
    int stride = architecture.temporalStride();
    if (stride == 1) {
      add("x_embedder.proj.weight", Start.XAVIER_UNIFORM, width, channels, p, p);
    } else {
      add("x_embedder.proj.weight", Start.XAVIER_UNIFORM, width, channels, stride, p, p);
    }
    add("x_embedder.proj.bias", Start.ZERO, width);
    add("t_embedder.mlp.0.weight", Start.NORMAL, width, LatteConfiguration.TIMESTEP_FREQUENCIES);
    add("t_embedder.mlp.0.bias", Start.ZERO, width);
    add("t_embedder.mlp.2.weight", Start.NORMAL, width, width);
    add("t_embedder.mlp.2.bias", Start.ZERO, width);
    if (configuration.conditional()) {
      add("y_embedder.embedding_table.weight", Start.NORMAL, configuration.classes() + 1, width);
    }
    if (architecture.text() != TextConditioning.NONE) {
      int text = architecture.text().length();
      linear("text_embedding_projection.1", Start.XAVIER_UNIFORM, width, text);
    }
    for (int i = 0; i < configuration.depth(); i++) {
      block("blocks." + i);
    }
    linear("final_layer.linear", Start.ZERO, p * p * 2 * channels, width);
    modulation("final_layer", 2);
    if (stride > 1) {
      add(
          "final_layer.upsampling.weight",
          Start.XAVIER_UNIFORM,
          2 * channels,
          2 * channels,
          stride,
          1,
          1);
      add("final_layer.upsampling.bias", Start.ZERO, 2 * channels);
    }
  }

  private void block(String name) {
    attention(name + ".attn");
    if (architecture.variant().joinsSpaceAndTime()) {
      attention(name + ".temporal_attn");
    }
    int wide = LatteConfiguration.MLP_RATIO * width;
    linear(name + ".mlp.fc1", Start.XAVIER_UNIFORM, wide, width);
    linear(name + ".mlp.fc2", Start.XAVIER_UNIFORM, width, wide);
    modulation(name, BlockStack.BRANCHES * architecture.conditioning().vectorsPerBranch());
  }

  private void attention(String name) {
    linear(name + ".qkv", Start.XAVIER_UNIFORM, 3 * width, width);
    linear(name + ".proj", Start.XAVIER_UNIFORM, width, width);
  }

  private void modulation(String name, int vectors) {
    if (architecture.conditioning() == Conditioning.ALL_TOKENS) {
      add(name + ".modulation", Start.ZERO, vectors, width);
    } else {
      linear(name + ".adaLN_modulation.1", Start.ZERO, vectors * width, width);
    }
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
