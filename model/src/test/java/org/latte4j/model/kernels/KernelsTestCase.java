package org.latte4j.model.kernels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Opens kernels and an arena for each test. */
abstract class KernelsTestCase
    implements TensorContract,
        ArithmeticContract,
        TransformerContract,
        AttentionContract,
        ImageContract {
  private Kernels kernels;
  private Arena arena;

  abstract Kernels open();

  @BeforeEach
  void openKernels() {
    kernels = open();
    arena = kernels.arena();
  }

  @AfterEach
  void closeKernels() {
    arena.close();
    kernels.close();
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Arena arena() {
    return arena;
  }
}
