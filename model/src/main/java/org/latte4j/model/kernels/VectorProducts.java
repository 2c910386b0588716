package org.latte4j.model.kernels;

import org.latte4j.model.kernels.Blas.Matrix;

/**
 * Matrix products: the result is cut into strips of rows or of columns, whichever there are more
 * of, and each strip is one product of BLAS.
 */
final class VectorProducts {
  /**
   * Rows or columns of a strip. Each strip packs its operands anew: at S/2's sizes strips of 512
   * cost 3% more than one undivided product, of 256 11%, of 128 28%.
   */
  private static final int STRIP = 512;

  /** Strips begin at multiples of this, so that BLAS's inner blocks stay whole. */
  private static final int ALIGNMENT = 16;

  /** Multiply-adds below which waking another thread costs more than it saves. */
  private static final long SMALL = 1 << 20;

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
    Chunks strips = strips(Math.max(m, n), (long) m * n * k);
    workers.run(
        strips.count(),
        (strip, scratch) -> {
          int start = strips.first(strip);
          int size = strips.end(strip) - start;
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

  /** Two strips or a multiple of four, so that few threads are all busy to the end. */
  private static Chunks strips(int length, long work) {
    if (work <= SMALL) {
      return new Chunks(length, length);
    }
    int count = Math.max(2, (length + STRIP - 1) / STRIP);
    if (count > 2) {
      count = (count + 3) / 4 * 4;
    }
    int size = (length + count - 1) / count;
    return new Chunks(length, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }
}
