package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class VectorKernelsTest {
  @Test
  void softmaxLeavesNoSubnormalNumbers() {
    try (Kernels kernels = VectorKernels.withThreads(1);
        Arena arena = kernels.arena()) {
      float[] row = new float[200];
      for (int i = 0; i < row.length; i++) {
        row[i] = -i;
      }
      Tensor x = arena.allocate(1, row.length);
      kernels.upload(row, x);
      kernels.softmax(x, 1);
      kernels.download(x, row);
      for (float p : row) {
        assertThat(p == 0 || p >= Float.MIN_NORMAL).as("%s", p).isTrue();
      }
      assertThat(row[100]).isZero();
    }
  }

  private abstract static class OnThreads extends KernelsTestCase {
    private final int threads;

    OnThreads(int threads) {
      this.threads = threads;
    }

    @Override
    Kernels open() {
      return VectorKernels.withThreads(threads);
    }

    @Override
    public double tolerance() {
      return 5e-6;
    }
  }

  @Nested
  final class OnOneThread extends OnThreads {
    OnOneThread() {
      super(1);
    }
  }

  @Nested
  final class OnTwoThreads extends OnThreads {
    OnTwoThreads() {
      super(2);
    }
  }
}
