package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;
import org.latte4j.model.kernels.Write;

/**
 * Multi-head self-attention with fused queries, keys and values. Whether it is spatial or temporal
 * is decided by its token sequences alone.
 */
final class SelfAttention implements Branch {
  private final Kernels kernels;
  private final int heads;
  private final TokenSequences sequences;
  private final List<RotaryPositions> rotary;
  private final Linear fused;
  private final Linear projection;
  private final Tensor qkv;
  private final Tensor probabilities;
  private final Tensor attended;

  /**
   * Plans its activations.
   *
   * @param rows R, those of the sequences
   * @param rotary the rotation of queries and keys, or nothing
   */
  SelfAttention(
      Kernels kernels,
      Arena arena,
      ParameterViews parameters,
      String name,
      int heads,
      int rows,
      int width,
      TokenSequences sequences,
      List<RotaryPositions> rotary) {
    this.kernels = kernels;
    this.heads = heads;
    this.sequences = sequences;
    this.rotary = List.copyOf(rotary);
    this.fused = new Linear(kernels, parameters, name + ".qkv");
    this.projection = new Linear(kernels, parameters, name + ".proj");
    this.qkv = arena.allocate(rows, 3 * width);
    this.probabilities =
        arena.allocate(sequences.count(), heads, sequences.length(), sequences.length());
    this.attended = arena.allocate(rows, width);
  }

  @Override
  public void forward(Tensor input, Tensor out) {
    forward(input, Write.SET, out);
  }

  /** A forward pass whose result is set or added. */
  void forward(Tensor input, Write write, Tensor out) {
    fused.forward(input, qkv);
    rotary.forEach(positions -> positions.rotate(qkv));
    kernels.attention(qkv, heads, sequences, probabilities, attended);
    projection.forwardWithoutBias(attended, write, out);
  }

  @Override
  public Tensor bias() {
    return projection.bias();
  }

  @Override
  public Tensor biasGradient() {
    return projection.biasGradient();
  }

  @Override
  public void backward(Tensor input, Tensor dOut, BlockGradients g, Tensor dInput) {
    backward(input, dOut, g, Write.SET, dInput);
  }

  /** A backward pass whose result is set or added. */
  void backward(Tensor input, Tensor dOut, BlockGradients g, Write write, Tensor dInput) {
    projection.backwardWeight(attended, dOut);
    projection.backwardInput(dOut, Write.SET, g.attended);
    kernels.attentionBackward(qkv, heads, sequences, probabilities, g.attended, g.qkv);
    rotary.forEach(positions -> positions.rotateBack(g.qkv));
    fused.backwardParameters(input, g.qkv);
    fused.backwardInput(g.qkv, write, dInput);
  }
}
