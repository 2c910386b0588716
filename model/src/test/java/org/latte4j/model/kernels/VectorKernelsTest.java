package org.latte4j.model.kernels;

import org.junit.jupiter.api.Nested;

final class VectorKernelsTest {
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
