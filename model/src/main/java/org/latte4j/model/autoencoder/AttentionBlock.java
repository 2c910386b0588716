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
  private final ParameterScope parameters;
  private final GroupNorm norm;
  private final Tensor qkvWeight;
  private final Tensor qkvBias;
  private final Tensor outWeight;
  private final Tensor outBias;

  AttentionBlock(Kernels kernels, ParameterScope parameters, int groups) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.norm = new GroupNorm(kernels, parameters.in("group_norm"), groups);
    this.qkvWeight = parameters.tensor(KlParameterLayout.QKV_WEIGHT);
    this.qkvBias = parameters.tensor(KlParameterLayout.QKV_BIAS);
    this.outWeight = parameters.tensor("to_out.0.weight");
    this.outBias = parameters.tensor("to_out.0.bias");
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor normed = norm.forward(x, pass);
    Tensor out = attend(normed, pass);
    kernels.add(x, out);
    pass.added(x, out);
    return out;
  }

  private Tensor attend(Tensor normed, Pass pass) {
    int channels = normed.size(1);
    TokenSequences pixels =
        TokenSequences.spatial(normed.size(0), 1, normed.size(2) * normed.size(3));
    int rows = pixels.count() * pixels.length();

    Tensor tokens = pass.borrow(rows, channels);
    kernels.permute(planes(normed), SWAP_LAST, images(tokens, pixels));
    pass.giveBack(normed);
    Tensor qkv = linear(tokens, qkvWeight, qkvBias, pass);
    pass.giveBack(tokens);
    Tensor attended = pass.borrow(rows, channels);
    Tensor probabilities = pass.borrow(pixels.count(), 1, pixels.length(), pixels.length());
    kernels.attention(qkv, 1, pixels, probabilities, attended);
    pass.giveBack(probabilities);
    pass.giveBack(qkv);
    Tensor projected = linear(attended, outWeight, outBias, pass);
    pass.giveBack(attended);
    Tensor out = pass.borrow(normed.shape());
    kernels.permute(images(projected, pixels), SWAP_LAST, planes(out));
    pass.giveBack(projected);
    Kept kept = new Kept(pixels, tokens, qkv, probabilities, attended);
    pass.done(normed, out, (dOut, dX, buffers) -> backward(kept, dOut, dX, buffers));
    return out;
  }

  /** What the way back needs. */
  private record Kept(
      TokenSequences pixels, Tensor tokens, Tensor qkv, Tensor probabilities, Tensor attended) {}

  private void backward(Kept kept, Tensor dOut, Tensor dNormed, Activations buffers) {
    Tensor dProjected = buffers.borrow(kept.attended().shape());
    kernels.permute(planes(dOut), SWAP_LAST, images(dProjected, kept.pixels()));
    Tensor dAttended = buffers.borrow(kept.attended().shape());
    linearBackward("to_out.0.weight", "to_out.0.bias", kept.attended(), dProjected, dAttended);
    buffers.giveBack(dProjected);
    Tensor dQkv = buffers.borrow(kept.qkv().shape());
    kernels.attentionBackward(kept.qkv(), 1, kept.pixels(), kept.probabilities(), dAttended, dQkv);
    buffers.giveBack(dAttended);
    Tensor dTokens = buffers.borrow(kept.tokens().shape());
    linearBackward(
        KlParameterLayout.QKV_WEIGHT, KlParameterLayout.QKV_BIAS, kept.tokens(), dQkv, dTokens);
    buffers.giveBack(dQkv);
    kernels.permute(images(dTokens, kept.pixels()), SWAP_LAST, planes(dNormed));
    buffers.giveBack(dTokens);
  }

  private Tensor linear(Tensor rows, Tensor weight, Tensor bias, Pass pass) {
    Tensor out = pass.borrow(rows.size(0), weight.size(0));
    kernels.multiply(rows, Operand.PLAIN, weight, Operand.TRANSPOSED, Write.SET, out);
    kernels.addBias(out, bias);
    return out;
  }

  private void linearBackward(String weight, String bias, Tensor rows, Tensor dOut, Tensor dRows) {
    Tensor dWeight = parameters.gradient(weight);
    kernels.multiply(dOut, Operand.TRANSPOSED, rows, Operand.PLAIN, Write.ADD, dWeight);
    kernels.addColumnSums(dOut, parameters.gradient(bias));
    Tensor values = parameters.tensor(weight);
    kernels.multiply(dOut, Operand.PLAIN, values, Operand.PLAIN, Write.SET, dRows);
  }

  /** [B, C, H, W] as [B, C, pixels]. */
  private static Tensor planes(Tensor x) {
    return x.reshape(x.size(0), x.size(1), x.size(2) * x.size(3));
  }

  /** [B pixels, C] as [B, pixels, C]. */
  private static Tensor images(Tensor rows, TokenSequences pixels) {
    return rows.reshape(pixels.count(), pixels.length(), rows.size(1));
  }
}
