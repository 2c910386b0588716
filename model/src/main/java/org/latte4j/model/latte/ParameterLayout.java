package org.latte4j.model.latte;

import java.util.Arrays;
import java.util.List;
import org.latte4j.model.parameters.FlatLayout;
import org.latte4j.model.parameters.Start;

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
public final class ParameterLayout extends FlatLayout {
  private static final long serialVersionUID = 1L;

  /** For embeddings, as in the reference. */
  private static final Start NORMAL = Start.normal(0.02);

  private final int width;
  private final Architecture architecture;

  /**
   * The parameters of a network of these sizes.
   *
   * @throws IllegalArgumentException for a LatteT2V, whose parameters {@link T2vLayout} has
   */
  public ParameterLayout(LatteConfiguration configuration) {
    this.width = configuration.hiddenSize();
    this.architecture = configuration.architecture();
    if (architecture.text() == TextConditioning.CROSS_ATTENTION) {
      throw new IllegalArgumentException(
          "a network with cross-attention to a text is imported and sampled, not trained; T2vLayout"
              + " has its parameters");
    }
    int p = configuration.patchSize();
    int channels = configuration.latent().channels();
    int stride = architecture.temporalStride();
    if (stride == 1) {
      xavier("x_embedder.proj.weight", width, channels, p, p);
    } else {
      xavier("x_embedder.proj.weight", width, channels, stride, p, p);
    }
    add("x_embedder.proj.bias", Start.ZERO, width);
    add("t_embedder.mlp.0.weight", NORMAL, width, LatteConfiguration.TIMESTEP_FREQUENCIES);
    add("t_embedder.mlp.0.bias", Start.ZERO, width);
    add("t_embedder.mlp.2.weight", NORMAL, width, width);
    add("t_embedder.mlp.2.bias", Start.ZERO, width);
    if (configuration.conditional()) {
      add("y_embedder.embedding_table.weight", NORMAL, configuration.classes() + 1, width);
    }
    if (architecture.text() != TextConditioning.NONE) {
      int text = architecture.text().length();
      linear("text_embedding_projection.1", width, text);
    }
    for (int i = 0; i < configuration.depth(); i++) {
      block("blocks." + i);
    }
    linear("final_layer.linear", Start.ZERO, p * p * 2 * channels, width);
    modulation("final_layer", 2);
    if (stride > 1) {
      xavier("final_layer.upsampling.weight", 2 * channels, 2 * channels, stride, 1, 1);
      add("final_layer.upsampling.bias", Start.ZERO, 2 * channels);
    }
  }

  private void block(String name) {
    attention(name + ".attn");
    if (architecture.variant().joinsSpaceAndTime()) {
      attention(name + ".temporal_attn");
    }
    int wide = LatteConfiguration.MLP_RATIO * width;
    linear(name + ".mlp.fc1", wide, width);
    linear(name + ".mlp.fc2", width, wide);
    modulation(name, BlockStack.BRANCHES * architecture.conditioning().vectorsPerBranch());
  }

  private void attention(String name) {
    linear(name + ".qkv", 3 * width, width);
    linear(name + ".proj", width, width);
  }

  private void modulation(String name, int vectors) {
    if (architecture.conditioning() == Conditioning.ALL_TOKENS) {
      add(name + ".modulation", Start.ZERO, vectors, width);
    } else {
      linear(name + ".adaLN_modulation.1", Start.ZERO, vectors * width, width);
    }
  }

  private void linear(String name, int outputs, int inputs) {
    xavier(name + ".weight", outputs, inputs);
    add(name + ".bias", Start.ZERO, outputs);
  }

  private void linear(String name, Start start, int outputs, int inputs) {
    add(name + ".weight", start, outputs, inputs);
    add(name + ".bias", Start.ZERO, outputs);
  }

  /** Uniform in plus or minus sqrt(6 / (fan in + fan out)). */
  private void xavier(String name, Integer... shape) {
    int inputs = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
    add(name, Start.uniform(Math.sqrt(6.0 / (shape[0] + inputs))), shape);
  }

  private void add(String name, Start start, Integer... shape) {
    add(name, start, List.of(shape));
  }
}
