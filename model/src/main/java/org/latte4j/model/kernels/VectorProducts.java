package org.latte4j.model.kernels;

import org.latte4j.model.kernels.Blas.Matrix;

/**
 * Matrix products: the result is cut into strips of rows or of columns, whichever there are more
 * of, and each strip is one product of BLAS.
 */
final class VectorProducts {
  private static final int STRIP = Integer.getInteger("strip", 256);

  private final Workers workers;

  VectorProducts(Workers workers) {
    this.workers = workers;
  }

  void multiply(HostTensor a, Operand opA, HostTensor b, Operand opB, Write write, HostTensor c) {
    int m = c.size(0);
    int n = c.size(1);
    int k = a.size(opA == Operand.PLAIN ? 1 : 0);
    float keep = write == Write.ADD ? 1f : 0f;
    boolean byRows = m >= n;
    int strips = (Math.max(m, n) + STRIP - 1) / STRIP;
    workers.run(
        strips,
        (strip, scratch) -> {
          int start = strip * STRIP;
          int size = Math.min(STRIP, Math.max(m, n) - start);
          int row = byRows ? start : 0;
          int column = byRows ? 0 : start;
          long aStart = opA == Operand.PLAIN ? (long) row * a.size(1) : row;
          long bStart = opB == Operand.PLAIN ? column : (long) column * b.size(1);
          Blas.multiply(
              scratch,
              byRows ? size : m,
              byRows ? n : size,
              k,
              1f,
              new Matrix(a.address(aStart), a.size(1), opA),
              new Matrix(b.address(bStart), b.size(1), opB),
              keep,
              c.address((long) row * n + column),
              n);
        });
  }
}
