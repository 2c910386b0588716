package org.latte4j.model.kernels;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rotary positions and the moving of token rows in ND4J operations. */
final class PortableTokens {

  void rotate(INDArray qkv, int heads, INDArray table, int repeat, Rotation rotation) {
    INDArray angles = tableRows(table, qkv.size(0), repeat);
    INDArray cosines = half(angles, 0);
    INDArray sines = half(angles, 1);
    if (rotation == Rotation.BACKWARD) {
      sines.negi();
    }
    for (int part = 0; part < 2; part++) {
      INDArray first = halves(qkv, heads, part, 0);
      INDArray second = halves(qkv, heads, part, 1);
      INDArray a = first.dup('c');
      INDArray b = second.dup('c');
      first.assign(a.mul(cosines).subi(b.mul(sines)));
      second.assign(b.mul(cosines).addi(a.mul(sines)));
    }
  }

  /** The table's row of each of some rows, copied: [rows, D]. */
  static INDArray tableRows(INDArray table, long rows, int repeat) {
    int[] tableRow = new int[Math.toIntExact(rows)];
    int positions = Math.toIntExact(table.size(0));
    Arrays.setAll(tableRow, r -> r / repeat % positions);
    return Nd4j.pullRows(table, 1, tableRow);
  }

  /** The cosines (0) or sines (1), copied: [R, 1, d/2]. */
  private static INDArray half(INDArray angles, int which) {
    long half = angles.size(1) / 2;
    return angles
        .get(NDArrayIndex.all(), NDArrayIndex.interval(which * half, (which + 1) * half))
        .dup('c')
        .reshape(angles.size(0), 1, half);
  }

  /** First or second halves of the heads of queries (0) or keys (1), a view [R, heads, d/2]. */
  private static INDArray halves(INDArray qkv, int heads, int part, int which) {
    long width = qkv.size(1) / 3;
    long d = width / heads;
    long[] shape = {qkv.size(0), heads, d / 2};
    long[] strides = {qkv.size(1), d, 1};
    return Nd4j.create(
        qkv.data(), shape, strides, qkv.offset() + part * width + which * (d / 2), 'c');
  }

  void copyRows(INDArray from, TokenSequences fromRows, INDArray to, TokenSequences toRows) {
    INDArray values = rows(from, fromRows).dup('c');
    INDArray target = rows(to, toRows);
    target.assign(values.reshape(target.shape()));
  }

  /** The rows of the sequences as a view [outer, inner, length, D]. */
  private static INDArray rows(INDArray matrix, TokenSequences sequences) {
    long width = matrix.size(1);
    long[] shape = {sequences.outer(), sequences.inner(), sequences.length(), width};
    long[] strides = {
      sequences.outerStride() * width,
      sequences.innerStride() * width,
      sequences.stride() * width,
      1
    };
    return Nd4j.create(matrix.data(), shape, strides, matrix.offset(), 'c');
  }
}
