package org.latte4j.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;

/** Multi-head self-attention in ND4J operations. S sequences, L their length, d = D / heads. */
final class PortableAttention {

  void forward(
      INDArray qkv, int heads, TokenSequences sequences, INDArray probabilities, INDArray out) {
    INDArray q = gather(qkv, 0, 3, heads, sequences);
    INDArray k = gather(qkv, 1, 3, heads, sequences);
    INDArray v = gather(qkv, 2, 3, heads, sequences);
    INDArray p = perHead(probabilities, heads, sequences);
    PortableKernels.multiply(q, Operand.PLAIN, k, Operand.TRANSPOSED, p);
    p.muli(scale(q));
    softmax(p);
    INDArray joined = Nd4j.createUninitialized(q.dataType(), q.shape());
    PortableKernels.multiply(p, Operand.PLAIN, v, Operand.PLAIN, joined);
    scatter(joined, out, 0, 1, heads, sequences);
  }

  void backward(
      INDArray qkv,
      int heads,
      TokenSequences sequences,
      INDArray probabilities,
      INDArray dOut,
      INDArray dQkv) {
    INDArray q = gather(qkv, 0, 3, heads, sequences);
    INDArray k = gather(qkv, 1, 3, heads, sequences);
    INDArray v = gather(qkv, 2, 3, heads, sequences);
    INDArray p = perHead(probabilities, heads, sequences);
    INDArray dJoined = gather(dOut, 0, 1, heads, sequences);

    INDArray result = Nd4j.createUninitialized(q.dataType(), q.shape());
    PortableKernels.multiply(p, Operand.TRANSPOSED, dJoined, Operand.PLAIN, result);
    scatter(result, dQkv, 2, 3, heads, sequences);

    INDArray dScores = Nd4j.createUninitialized(p.dataType(), p.shape());
    PortableKernels.multiply(dJoined, Operand.PLAIN, v, Operand.TRANSPOSED, dScores);
    dScores = dScores.sub(dScores.mul(p).sum(true, 3)).muli(p).muli(scale(q));

    PortableKernels.multiply(dScores, Operand.PLAIN, k, Operand.PLAIN, result);
    scatter(result, dQkv, 0, 3, heads, sequences);
    PortableKernels.multiply(dScores, Operand.TRANSPOSED, q, Operand.PLAIN, result);
    scatter(result, dQkv, 1, 3, heads, sequences);
  }

  /** In place, over the last dimension; rank 3 or more (ND4J is five times slower at rank 2). */
  static void softmax(INDArray x) {
    Nd4j.exec(new SoftMax(x, x, -1));
  }

  private static double scale(INDArray q) {
    return 1 / Math.sqrt(q.size(3));
  }

  private static INDArray perHead(INDArray probabilities, int heads, TokenSequences sequences) {
    return probabilities.reshape(sequences.count(), heads, sequences.length(), sequences.length());
  }

  /** One part of the rows (query, key or value) as [S, heads, L, d], copied. */
  private static INDArray gather(
      INDArray rows, int part, int parts, int heads, TokenSequences sequences) {
    INDArray values = strided(rows, part, parts, heads, sequences).dup('c');
    return values.reshape(
        sequences.count(), heads, sequences.length(), rows.size(1) / parts / heads);
  }

  /** The opposite of gather. */
  private static void scatter(
      INDArray values, INDArray rows, int part, int parts, int heads, TokenSequences sequences) {
    INDArray target = strided(rows, part, parts, heads, sequences);
    target.assign(values.reshape(target.shape()));
  }

  /** The rows of the sequences as a view [outer, inner, heads, L, d]. */
  private static INDArray strided(
      INDArray rows, int part, int parts, int heads, TokenSequences sequences) {
    long rowLength = rows.size(1);
    long width = rowLength / parts;
    long d = width / heads;
    long[] shape = {sequences.outer(), sequences.inner(), heads, sequences.length(), d};
    long[] strides = {
      sequences.outerStride() * rowLength,
      sequences.innerStride() * rowLength,
      d,
      sequences.stride() * rowLength,
      1
    };
    return Nd4j.create(rows.data(), shape, strides, rows.offset() + part * width, 'c');
  }
}
