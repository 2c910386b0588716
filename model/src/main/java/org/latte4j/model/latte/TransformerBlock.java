package org.latte4j.model.latte;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;
import org.latte4j.model.kernels.Write;

/**
 * A transformer block with S-AdaLN (section 3.3.2; DiT's adaLN-Zero):
 *
 * <pre>
 *   shift1, scale1, gate1, shift2, scale2, gate2 = Linear(SiLU(condition))
 *   x = x + gate1 Attention(LN(x) (1 + scale1) + shift1)
 *   x = x + gate2 MLP(LN(x) (1 + scale2) + shift2)
 * </pre>
 *
 * Whether it is a spatial or a temporal block is decided by its token sequences alone.
 */
final class TransformerBlock {
  private static final int ATTENTION_SHIFT = 0;
  private static final int ATTENTION_SCALE = 1;
  private static final int ATTENTION_GATE = 2;
  private static final int MLP_SHIFT = 3;
  private static final int MLP_SCALE = 4;
  private static final int MLP_GATE = 5;

  private final Kernels kernels;
  private final int heads;
  private final TokenSequences sequences;
  private final BlockActivations a;
  private final Linear adaLn;
  private final Linear qkv;
  private final Linear projection;
  private final Linear fc1;
  private final Linear fc2;

  TransformerBlock(
      Kernels kernels,
      LatteConfiguration configuration,
      ParameterViews parameters,
      String name,
      TokenSequences sequences,
      BlockActivations activations) {
    this.kernels = kernels;
    this.heads = configuration.heads();
    this.sequences = sequences;
    this.a = activations;
    this.adaLn = new Linear(kernels, parameters, name + ".adaLN_modulation.1");
    this.qkv = new Linear(kernels, parameters, name + ".attn.qkv");
    this.projection = new Linear(kernels, parameters, name + ".attn.proj");
    this.fc1 = new Linear(kernels, parameters, name + ".mlp.fc1");
    this.fc2 = new Linear(kernels, parameters, name + ".mlp.fc2");
  }

  /**
   * One forward pass.
   *
   * @param x [R, D]; must stay as it is until the backward pass
   * @param condition SiLU(c) [B, D]
   * @return the output [R, D], owned by this block's activations
   */
  Tensor forward(Tensor x, Tensor condition) {
    adaLn.forward(condition, a.modulation);

    kernels.normModulate(
        x, a.modulation, ATTENTION_SHIFT, ATTENTION_SCALE, a.attentionStatistics, a.attentionInput);
    qkv.forward(a.attentionInput, a.qkv);
    kernels.attention(a.qkv, heads, sequences, a.probabilities, a.attended);
    projection.forwardWithoutBias(a.attended, a.attentionBranch);
    kernels.gatedAdd(
        x, a.attentionBranch, projection.bias(), a.modulation, ATTENTION_GATE, a.middle);

    kernels.normModulate(a.middle, a.modulation, MLP_SHIFT, MLP_SCALE, a.mlpStatistics, a.mlpInput);
    fc1.forwardWithoutBias(a.mlpInput, a.hidden);
    kernels.biasGelu(a.hidden, fc1.bias(), a.activated);
    fc2.forwardWithoutBias(a.activated, a.mlpBranch);
    kernels.gatedAdd(a.middle, a.mlpBranch, fc2.bias(), a.modulation, MLP_GATE, a.output);
    return a.output;
  }

  /**
   * One backward pass; adds the gradients of the parameters.
   *
   * @param x the input of the forward pass
   * @param d [R, D]: the output's gradient, turned into the input's in place
   * @param condition SiLU(c) [B, D]
   * @param dCondition [B, D], added to
   * @param g working storage
   */
  void backward(Tensor x, Tensor d, Tensor condition, Tensor dCondition, BlockGradients g) {
    kernels.gatedAddBackward(
        d, a.mlpBranch, a.modulation, MLP_GATE, g.branch, g.modulation, fc2.biasGradient());
    fc2.backwardWeight(a.activated, g.branch);
    fc2.backwardInput(g.branch, Write.SET, g.wide);
    kernels.biasGeluBackward(a.hidden, g.wide, fc1.biasGradient());
    fc1.backwardWeight(a.mlpInput, g.wide);
    fc1.backwardInput(g.wide, Write.SET, g.input);
    kernels.normModulateBackward(
        a.middle, a.mlpStatistics, a.modulation, MLP_SHIFT, MLP_SCALE, g.input, d, g.modulation);

    kernels.gatedAddBackward(
        d,
        a.attentionBranch,
        a.modulation,
        ATTENTION_GATE,
        g.branch,
        g.modulation,
        projection.biasGradient());
    projection.backwardWeight(a.attended, g.branch);
    projection.backwardInput(g.branch, Write.SET, g.input);
    kernels.attentionBackward(a.qkv, heads, sequences, a.probabilities, g.input, g.qkv);
    qkv.backwardParameters(a.attentionInput, g.qkv);
    qkv.backwardInput(g.qkv, Write.SET, g.input);
    kernels.normModulateBackward(
        x,
        a.attentionStatistics,
        a.modulation,
        ATTENTION_SHIFT,
        ATTENTION_SCALE,
        g.input,
        d,
        g.modulation);

    adaLn.backwardParameters(condition, g.modulation);
    adaLn.backwardInput(g.modulation, Write.ADD, dCondition);
  }
}
