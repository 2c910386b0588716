package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class PortableKernelsMemoryTest {
  /** JavaCPP does not count what ND4J allocates, so the process's own size is looked at. */
  private static final int LARGE = 64 << 20;

  private static final long HALF_OF_LARGE = 2L * LARGE;

  @Test
  void closingAnArenaFreesItsMemory() {
    try (PortableKernels kernels = new PortableKernels(DataType.FLOAT)) {
      kernels.arena().close();
      long before = Pointer.physicalBytes();
      Arena arena = kernels.arena();
      kernels.fill(arena.allocate(LARGE), 1);
      assertThat(Pointer.physicalBytes() - before).isGreaterThan(HALF_OF_LARGE);
      arena.close();
      assertThat(Pointer.physicalBytes() - before).isLessThan(HALF_OF_LARGE);
    }
  }

  @Test
  void intermediateArraysAreReused() {
    try (PortableKernels kernels = new PortableKernels(DataType.FLOAT);
        Arena arena = kernels.arena()) {
      Tensor x = arena.allocate(1024, 1024);
      Tensor out = arena.allocate(1024, 1024);
      kernels.silu(x, out);
      kernels.silu(x, out);
      long before = Pointer.physicalBytes();
      for (int i = 0; i < 100; i++) {
        kernels.silu(x, out);
      }
      assertThat(Pointer.physicalBytes() - before).isLessThan(100 << 20);
    }
  }

  @Test
  void closingFreesTheIntermediateArrays() {
    long before = Pointer.physicalBytes();
    try (PortableKernels kernels = new PortableKernels(DataType.FLOAT);
        Arena arena = kernels.arena()) {
      Tensor x = arena.allocate(LARGE);
      kernels.silu(x, x);
      kernels.silu(x, x);
    }
    assertThat(Pointer.physicalBytes() - before).isLessThan(HALF_OF_LARGE);
  }

  @Test
  void wrappedArraysAreWrittenThrough() {
    try (PortableKernels kernels = new PortableKernels(DataType.FLOAT)) {
      INDArray flat = Nd4j.zeros(DataType.FLOAT, 20);
      Tensor part = kernels.wrap(flat.get(NDArrayIndex.interval(5, 15)));
      kernels.fill(part.slice(2, 3), 4);
      assertThat(flat.toFloatVector())
          .containsExactly(0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void arraysInAnotherOrderAreRefused() {
    try (PortableKernels kernels = new PortableKernels(DataType.FLOAT)) {
      INDArray array = Nd4j.create(DataType.FLOAT, new long[] {3, 4}, 'f');
      assertThatThrownBy(() -> kernels.wrap(array))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[3, 4]")
          .hasMessageContaining("dup('c')");
    }
  }

  @Test
  void arraysOfAnotherTypeAreRefused() {
    try (PortableKernels kernels = new PortableKernels(DataType.FLOAT)) {
      INDArray array = Nd4j.create(DataType.DOUBLE, 3);
      assertThatThrownBy(() -> kernels.wrap(array))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("DOUBLE")
          .hasMessageContaining("FLOAT");
    }
  }

  @Test
  void doubleKernelsKeepDoublePrecision() {
    try (PortableKernels kernels = new PortableKernels(DataType.DOUBLE);
        Arena arena = kernels.arena()) {
      Tensor x = arena.allocate(1);
      kernels.upload(new double[] {1 / 3.0}, x);
      double[] back = new double[1];
      kernels.download(x, back);
      assertThat(back).containsExactly(1 / 3.0);
    }
  }
}
