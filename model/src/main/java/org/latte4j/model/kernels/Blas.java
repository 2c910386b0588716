package org.latte4j.model.kernels;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import org.bytedeco.openblas.global.openblas;

/** OpenBLAS's matrix product on one thread, with operands anywhere in host memory. */
final class Blas {
  static {
    // Parallelism is ours: OpenBLAS would cut products differently for each number of threads.
    openblas.blas_set_num_threads(1);
  }

  private Blas() {}

  /**
   * A matrix in memory as BLAS sees it.
   *
   * @param address of the first value, in bytes
   * @param rowLength values between the beginnings of neighbouring rows
   */
  record Matrix(long address, int rowLength, Operand operand) {}

  /** {@code c = factor op(a) op(b) + keep c}; op(a) is m x k, op(b) k x n. */
  static void multiply(
      Scratch scratch,
      int m,
      int n,
      int k,
      float factor,
      Matrix a,
      Matrix b,
      float keep,
      long cAddress,
      int cRowLength) {
    openblas.cblas_sgemm(
        CblasRowMajor,
        a.operand() == Operand.PLAIN ? CblasNoTrans : CblasTrans,
        b.operand() == Operand.PLAIN ? CblasNoTrans : CblasTrans,
        m,
        n,
        k,
        factor,
        scratch.a(a.address()),
        a.rowLength(),
        scratch.b(b.address()),
        b.rowLength(),
        keep,
        scratch.c(cAddress),
        cRowLength);
  }
}
