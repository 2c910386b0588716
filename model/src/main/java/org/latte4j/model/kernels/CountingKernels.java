package org.latte4j.model.kernels;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels that compute nothing and count: a network that runs on them tells what its passes cost
 * and what its buffers take, without the memory and without formulas that could differ from it.
 *
 * <p>Multiply-adds are those of matrix products, convolutions and attention; operations on single
 * values and rows count as nothing. Bytes are those of {@link VectorKernels}.
 */
public final class CountingKernels implements Kernels {
  private long multiplyAdds;
  private long attentionMultiplyAdds;

  /** Multiply-adds of matrix products and convolutions so far, attention's products left out. */
  public long multiplyAdds() {
    return multiplyAdds;
  }

  /** Multiply-adds of attention's products of queries, keys and values so far. */
  public long attentionMultiplyAdds() {
    return attentionMultiplyAdds;
  }

  /** An arena that allocates nothing and counts as the vector kernels' counts. */
  private static final class CountingArena implements Arena {
    private long bytes;

    @Override
    public Tensor allocate(int... shape) {
      PlannedTensor tensor = new PlannedTensor(shape);
      bytes += HostArena.bytes(tensor.length());
      return tensor;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void close() {
      bytes = 0;
    }
  }

  @Override
  public Arena arena() {
    return new CountingArena();
  }

  @Override
  public Tensor wrap(INDArray array) {
    return new PlannedTensor(Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray());
  }

  @Override
  public void multiply(Tensor a, Operand opA, Tensor b, Operand opB, Write write, Tensor c) {
    Shapes.multiply(own(a), opA, own(b), opB, own(c));
    multiplyAdds += c.length() * a.size(opA == Operand.PLAIN ? 1 : 0);
  }

  @Override
  public void attention(
      Tensor qkv, int heads, TokenSequences sequences, Tensor probabilities, Tensor out) {
    Shapes.attention(own(qkv), heads, sequences, own(probabilities), own(out));
    attentionMultiplyAdds += 2 * probabilities.length() * (out.size(1) / heads);
  }

  @Override
  public void attentionBackward(
      Tensor qkv,
      int heads,
      TokenSequences sequences,
      Tensor probabilities,
      Tensor dOut,
      Tensor dQkv) {
    Shapes.attention(own(qkv), heads, sequences, own(probabilities), own(dOut));
    attentionMultiplyAdds += 4 * probabilities.length() * (dOut.size(1) / heads);
  }

  @Override
  public void convolution(
      Tensor x, Tensor weight, Tensor bias, int stride, int padBefore, int padAfter, Tensor out) {
    Shapes.convolution(own(x), own(weight), own(bias), stride, padBefore, padAfter, own(out));
    multiplyAdds += out.length() * (weight.length() / weight.size(0));
  }

  @Override
  public void convolutionBackward(
      Tensor x,
      Tensor weight,
      int stride,
      int padBefore,
      int padAfter,
      Tensor dOut,
      Tensor dX,
      Tensor dWeight,
      Tensor dBias) {
    Shapes.convolution(own(x), own(weight), own(dBias), stride, padBefore, padAfter, own(dOut));
    Shapes.sameShape("convolutionBackward", own(x), own(dX));
    Shapes.sameShape("convolutionBackward", own(weight), own(dWeight));
    multiplyAdds += 2 * dOut.length() * (weight.length() / weight.size(0));
  }

  private static PlannedTensor own(Tensor tensor) {
    if (tensor instanceof PlannedTensor planned) {
      return planned;
    }
    throw new IllegalArgumentException(
        "a tensor of shape %s was not made by counting kernels"
            .formatted(Arrays.toString(tensor.shape())));
  }

  @Override
  public void upload(float[] from, Tensor to) {}

  @Override
  public void download(Tensor from, float[] to) {}

  @Override
  public void fill(Tensor x, double value) {}

  @Override
  public void copy(Tensor from, Tensor to) {}

  @Override
  public void add(Tensor x, Tensor sum) {}

  @Override
  public void scale(Tensor x, double factor) {}

  @Override
  public double sumOfSquares(Tensor x) {
    return 0;
  }

  @Override
  public void addBias(Tensor x, Tensor bias) {}

  @Override
  public void addColumnSums(Tensor x, Tensor sum) {}

  @Override
  public void addTable(Tensor x, Tensor table, int repeat) {}

  @Override
  public void addLookup(Tensor table, int[] ids, Tensor out) {}

  @Override
  public void addLookupGradient(Tensor dOut, int[] ids, Tensor dTable) {}

  @Override
  public void silu(Tensor x, Tensor out) {}

  @Override
  public void siluBackward(Tensor x, Tensor dOut, Tensor dX) {}

  @Override
  public void normModulate(
      Tensor x, Tensor modulation, int shiftChunk, int scaleChunk, Tensor statistics, Tensor out) {}

  @Override
  public void normModulateBackward(
      Tensor x,
      Tensor statistics,
      Tensor modulation,
      int shiftChunk,
      int scaleChunk,
      Tensor dOut,
      Tensor dX,
      Tensor dModulation) {}

  @Override
  public void gatedAdd(
      Tensor x, Tensor branch, Tensor bias, Tensor modulation, int gateChunk, Tensor out) {}

  @Override
  public void gatedAddBackward(
      Tensor dOut,
      Tensor branch,
      Tensor modulation,
      int gateChunk,
      Tensor dBranch,
      Tensor dModulation,
      Tensor dBias) {}

  @Override
  public void biasGelu(Tensor x, Tensor bias, Tensor out) {}

  @Override
  public void biasGeluBackward(Tensor x, Tensor gradient, Tensor dBias) {}

  @Override
  public void rotate(Tensor qkv, int heads, Tensor table, int repeat, Rotation rotation) {}

  @Override
  public void copyRows(Tensor from, TokenSequences fromRows, Tensor to, TokenSequences toRows) {}

  @Override
  public void softmax(Tensor x, double scale) {}

  @Override
  public void permute(Tensor x, int[] order, Tensor out) {}

  @Override
  public void groupNorm(
      Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon, Tensor out) {}

  @Override
  public void groupNormBackward(
      Tensor x,
      int groups,
      Tensor gamma,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dGamma,
      Tensor dBeta) {}

  @Override
  public void upsampleNearest(Tensor x, Tensor out) {}

  @Override
  public void upsampleNearestBackward(Tensor dOut, Tensor dX) {}

  @Override
  public void close() {}
}
