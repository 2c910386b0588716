package org.latte4j.model.kernels;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The fast arithmetic for CPUs: float32 in host memory, matrix products by OpenBLAS, everything
 * else by the Vector API ({@code --add-modules jdk.incubator.vector}).
 *
 * <p>Every operation is cut into chunks whose bounds depend on sizes alone, and sums over chunks
 * are taken in their order: the same inputs give the same bits with any number of threads. OpenBLAS
 * is set to one thread for the whole process, so that its products keep that promise too.
 *
 * <p>An instance serves one caller at a time and owns {@code threads - 1} daemon threads beside it.
 */
public final class VectorKernels implements Kernels {
  private final Workers workers;
  private final VectorElementwise elementwise;
  private final VectorRows rows;
  private final VectorModulation modulation;
  private final VectorProducts products;
  private final VectorAttention attention;
  private final VectorImages images;
  private final VectorImageGradients imageGradients;
  private final VectorPermutation permutation;
  private final VectorTokens tokens;

  private VectorKernels(int threads) {
    workers = new Workers(threads);
    Partials first = new Partials();
    Partials second = new Partials();
    elementwise = new VectorElementwise(workers);
    rows = new VectorRows(workers, first);
    modulation = new VectorModulation(workers, first, second);
    products = new VectorProducts(workers);
    attention = new VectorAttention(workers);
    images = new VectorImages(workers);
    imageGradients = new VectorImageGradients(workers);
    permutation = new VectorPermutation(workers);
    tokens = new VectorTokens(workers);
  }

  /**
   * Kernels that work with a number of threads, the caller among them.
   *
   * @param threads 1 or more
   */
  public static VectorKernels withThreads(int threads) {
    return new VectorKernels(threads);
  }

  /** Number of threads, the caller among them. */
  public int threads() {
    return workers.count();
  }

  @Override
  public Arena arena() {
    return new HostArena();
  }

  @Override
  public Tensor wrap(INDArray array) {
    int[] shape = WrappedArrays.shapeOf(array, DataType.FLOAT);
    long address = array.data().address() + array.offset() * Float.BYTES;
    HostMemory memory = new HostMemory(address, array.length(), array);
    return new HostTensor(memory, 0, shape);
  }

  @Override
  public void upload(float[] from, Tensor to) {
    Shapes.hostLength("upload", own(to), from.length);
    own(to).write(0, from, 0, from.length);
  }

  @Override
  public void download(Tensor from, float[] to) {
    Shapes.hostLength("download", own(from), to.length);
    own(from).read(0, to, 0, to.length);
  }

  @Override
  public void fill(Tensor x, double value) {
    elementwise.fill(own(x), (float) value);
  }

  @Override
  public void copy(Tensor from, Tensor to) {
    Shapes.sameLength("copy", own(from), own(to));
    elementwise.copy(own(from), own(to));
  }

  @Override
  public void add(Tensor x, Tensor sum) {
    Shapes.sameLength("add", own(x), own(sum));
    elementwise.add(own(x), own(sum));
  }

  @Override
  public void scale(Tensor x, double factor) {
    elementwise.scale(own(x), (float) factor);
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return elementwise.sumOfSquares(own(x));
  }

  @Override
  public void multiply(Tensor a, Operand opA, Tensor b, Operand opB, Write write, Tensor c) {
    Shapes.multiply(own(a), opA, own(b), opB, own(c));
    products.multiply(own(a), opA, own(b), opB, write, own(c));
  }

  @Override
  public void addBias(Tensor x, Tensor bias) {
    Shapes.rowsAndVector("addBias", own(x), own(bias));
    rows.addBias(own(x), own(bias));
  }

  @Override
  public void addColumnSums(Tensor x, Tensor sum) {
    Shapes.rowsAndVector("addColumnSums", own(x), own(sum));
    rows.addColumnSums(own(x), own(sum));
  }

  @Override
  public void addTable(Tensor x, Tensor table, int repeat) {
    Shapes.addTable(own(x), own(table), repeat);
    rows.addTable(own(x), own(table), repeat);
  }

  @Override
  public void addLookup(Tensor table, int[] ids, Tensor out) {
    Shapes.lookup("addLookup", own(table), ids, own(out));
    for (int i = 0; i < ids.length; i++) {
      rows.addRow(own(table), ids[i], own(out), i);
    }
  }

  @Override
  public void addLookupGradient(Tensor dOut, int[] ids, Tensor dTable) {
    Shapes.lookup("addLookupGradient", own(dTable), ids, own(dOut));
    for (int i = 0; i < ids.length; i++) {
      rows.addRow(own(dOut), i, own(dTable), ids[i]);
    }
  }

  @Override
  public void silu(Tensor x, Tensor out) {
    Shapes.sameLength("silu", own(x), own(out));
    elementwise.silu(own(x), own(out));
  }

  @Override
  public void siluBackward(Tensor x, Tensor dOut, Tensor dX) {
    Shapes.sameLength("siluBackward", own(x), own(dOut));
    Shapes.sameLength("siluBackward", own(x), own(dX));
    elementwise.siluBackward(own(x), own(dOut), own(dX));
  }

  @Override
  public void normModulate(
      Tensor x, Tensor modulations, int shiftChunk, int scaleChunk, Tensor statistics, Tensor out) {
    Shapes.normModulate(
        own(x), own(modulations), shiftChunk, scaleChunk, own(statistics), own(out));
    modulation.norm(own(x), own(modulations), shiftChunk, scaleChunk, own(statistics), own(out));
  }

  @Override
  public void normModulateBackward(
      Tensor x,
      Tensor statistics,
      Tensor modulations,
      int shiftChunk,
      int scaleChunk,
      Tensor dOut,
      Tensor dX,
      Tensor dModulations) {
    Shapes.normModulate(
        own(x), own(modulations), shiftChunk, scaleChunk, own(statistics), own(dOut));
    Shapes.sameShape("normModulateBackward", own(x), own(dX));
    Shapes.sameShape("normModulateBackward", own(modulations), own(dModulations));
    modulation.normBackward(
        own(x),
        own(statistics),
        own(modulations),
        shiftChunk,
        scaleChunk,
        own(dOut),
        own(dX),
        own(dModulations));
  }

  @Override
  public void gatedAdd(
      Tensor x, Tensor branch, Tensor bias, Tensor modulations, int gateChunk, Tensor out) {
    Shapes.gated("gatedAdd", own(x), own(branch), own(bias), own(modulations), gateChunk, own(out));
    modulation.gate(own(x), own(branch), own(bias), own(modulations), gateChunk, own(out));
  }

  @Override
  public void gatedAddBackward(
      Tensor dOut,
      Tensor branch,
      Tensor modulations,
      int gateChunk,
      Tensor dBranch,
      Tensor dModulations,
      Tensor dBias) {
    Shapes.gated(
        "gatedAddBackward",
        own(dOut),
        own(branch),
        own(dBias),
        own(modulations),
        gateChunk,
        own(dBranch));
    Shapes.sameShape("gatedAddBackward", own(modulations), own(dModulations));
    modulation.gateBackward(
        own(dOut),
        own(branch),
        own(modulations),
        gateChunk,
        own(dBranch),
        own(dModulations),
        own(dBias));
  }

  @Override
  public void biasGelu(Tensor x, Tensor bias, Tensor out) {
    Shapes.rowsAndVector("biasGelu", own(x), own(bias));
    Shapes.sameLength("biasGelu", own(x), own(out));
    rows.biasGelu(own(x), own(bias), own(out));
  }

  @Override
  public void biasGeluBackward(Tensor x, Tensor gradient, Tensor dBias) {
    Shapes.rowsAndVector("biasGeluBackward", own(x), own(dBias));
    Shapes.sameShape("biasGeluBackward", own(x), own(gradient));
    rows.biasGeluBackward(own(x), own(gradient), own(dBias));
  }

  @Override
  public void attention(
      Tensor qkv, int heads, TokenSequences sequences, Tensor probabilities, Tensor out) {
    Shapes.attention(own(qkv), heads, sequences, own(probabilities), own(out));
    attention.forward(own(qkv), heads, sequences, own(probabilities), own(out));
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
    Shapes.sameShape("attentionBackward", own(qkv), own(dQkv));
    attention.backward(own(qkv), heads, sequences, own(probabilities), own(dOut), own(dQkv));
  }

  @Override
  public void rotate(Tensor qkv, int heads, Tensor table, int repeat, Rotation rotation) {
    Shapes.rotate(own(qkv), heads, own(table), repeat);
    tokens.rotate(own(qkv), own(table), repeat, rotation);
  }

  @Override
  public void copyRows(Tensor from, TokenSequences fromRows, Tensor to, TokenSequences toRows) {
    Shapes.copyRows(own(from), fromRows, own(to), toRows);
    tokens.copyRows(own(from), fromRows, own(to), toRows);
  }

  @Override
  public void softmax(Tensor x, double scale) {
    Shapes.matrix("softmax", own(x));
    rows.softmax(own(x), (float) scale);
  }

  @Override
  public void permute(Tensor x, int[] order, Tensor out) {
    Shapes.permute(own(x), order, own(out));
    permutation.permute(own(x), order, own(out));
  }

  @Override
  public void convolution(
      Tensor x, Tensor weight, Tensor bias, int stride, int padBefore, int padAfter, Tensor out) {
    Shapes.convolution(own(x), own(weight), own(bias), stride, padBefore, padAfter, own(out));
    images.convolution(own(x), own(weight), own(bias), stride, padBefore, own(out));
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
    imageGradients.convolutionInput(own(dOut), own(weight), stride, padBefore, own(dX));
    imageGradients.convolutionParameters(
        own(x), own(dOut), stride, padBefore, own(dWeight), own(dBias));
  }

  @Override
  public void groupNorm(
      Tensor x, int groups, Tensor gamma, Tensor beta, double epsilon, Tensor out) {
    Shapes.groupNorm(own(x), groups, own(gamma), own(beta), own(out));
    images.groupNorm(own(x), groups, own(gamma), own(beta), epsilon, own(out));
  }

  @Override
  public void groupNormBackward(
      Tensor x,
      int groups,
      Tensor gamma,
      double epsilon,
      Tensor dOut,
      Tensor dX,
      Tensor dGamma,
      Tensor dBeta) {
    Shapes.groupNorm(own(x), groups, own(gamma), own(dBeta), own(dOut));
    Shapes.sameShape("groupNormBackward", own(x), own(dX));
    Shapes.sameLength("groupNormBackward", own(gamma), own(dGamma));
    imageGradients.groupNorm(
        own(x), groups, own(gamma), epsilon, own(dOut), own(dX), own(dGamma), own(dBeta));
  }

  @Override
  public void upsampleNearest(Tensor x, Tensor out) {
    Shapes.upsample(own(x), own(out));
    images.upsampleNearest(own(x), own(out));
  }

  @Override
  public void upsampleNearestBackward(Tensor dOut, Tensor dX) {
    Shapes.upsample(own(dX), own(dOut));
    imageGradients.upsampleNearest(own(dOut), own(dX));
  }

  @Override
  public void close() {
    workers.close();
  }

  private static HostTensor own(Tensor tensor) {
    if (tensor instanceof HostTensor host) {
      return host;
    }
    throw new IllegalArgumentException(
        "a tensor of shape %s was not made by vector kernels"
            .formatted(Arrays.toString(tensor.shape())));
  }
}
