package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Operand;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.TokenSequences;
import org.latte4j.model.kernels.Write;

/**
 * Self-attention over all pixels of an image, one head as wide as the channels; added to the input.
 */
final class AttentionBlock implements Layer {
  private static final int[] SWAP_LAST = {0, 2, 1};

  private final Kernels kernels;
  private final GroupNorm norm;
  private final Tensor qkvWeight;
  private final Tensor qkvBias;
  private final Tensor outWeight;
  private final Tensor outBias;

  AttentionBlock(Kernels kernels, ParameterScope parameters, int groups) {
    this.kernels = kernels;
    this.norm = new GroupNorm(kernels, parameters.in("group_norm"), groups);
    this.qkvWeight = parameters.tensor(KlParameters.QKV_WEIGHT);
    this.qkvBias = parameters.tensor(KlParameters.QKV_BIAS);
    this.outWeight = parameters.tensor("to_out.0.weight");
    this.outBias = parameters.tensor("to_out.0.bias");
  }

  @Override
  public Tensor forward(Tensor x, Activations activations) {
    int batch = x.size(0);
    int channels = x.size(1);
    int pixels = x.size(2) * x.size(3);

    Tensor normed = norm.forward(x, activations);
    Tensor tokens = activations.borrow(batch * pixels, channels);
    kernels.permute(
        normed.reshape(batch, channels, pixels),
        SWAP_LAST,
        tokens.reshape(batch, pixels, channels));
    activations.giveBack(normed);

    Tensor qkv = linear(tokens, qkvWeight, qkvBias, activations);
    Tensor probabilities = activations.borrow(batch, 1, pixels, pixels);
    kernels.attention(qkv, 1, TokenSequences.spatial(batch, 1, pixels), probabilities, tokens);
    activations.giveBack(probabilities);
    activations.giveBack(qkv);

    Tensor projected = linear(tokens, outWeight, outBias, activations);
    activations.giveBack(tokens);
    Tensor out = activations.borrow(x.shape());
    kernels.permute(
        projected.reshape(batch, pixels, channels),
        SWAP_LAST,
        out.reshape(batch, channels, pixels));
    activations.giveBack(projected);
    kernels.add(x, out);
    return out;
  }

  private Tensor linear(Tensor rows, Tensor weight, Tensor bias, Activations activations) {
    Tensor out = activations.borrow(rows.size(0), weight.size(0));
    kernels.multiply(rows, Operand.PLAIN, weight, Operand.TRANSPOSED, Write.SET, out);
    kernels.addBias(out, bias);
    return out;
  }
}
