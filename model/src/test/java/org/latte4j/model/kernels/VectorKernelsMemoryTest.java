package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

final class VectorKernelsMemoryTest {
  /** Bytes that other objects of the process may take or free meanwhile. */
  private static final long SLACK = 10_000;

  @Test
  void closingAnArenaFreesItsMemory() {
    try (Kernels kernels = VectorKernels.withThreads(1)) {
      long before = Pointer.totalBytes();
      Arena arena = kernels.arena();
      arena.allocate(1 << 20);
      assertThat(Pointer.totalBytes() - before).isCloseTo(4L << 20, within(SLACK));
      arena.close();
      assertThat(Pointer.totalBytes()).isCloseTo(before, within(SLACK));
    }
  }

  @Test
  void closingKernelsFreesTheirScratchMemoryAndEndsTheirThreads() {
    long before = Pointer.totalBytes();
    int threads = kernelThreads();
    try (Kernels kernels = VectorKernels.withThreads(3);
        Arena arena = kernels.arena()) {
      assertThat(kernelThreads()).isEqualTo(threads + 2);
      TokenSequences sequences = TokenSequences.spatial(8, 1, 100);
      Tensor qkv = arena.allocate(800, 96);
      Tensor out = arena.allocate(800, 32);
      kernels.attentionBackward(
          qkv, 1, sequences, arena.allocate(8, 1, 100, 100), out, arena.allocate(800, 96));
    }
    assertThat(Pointer.totalBytes()).isCloseTo(before, within(SLACK));
    assertThat(kernelThreads()).isEqualTo(threads);
  }

  private static int kernelThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("latte-kernels-"))
            .count();
  }

  @Test
  void closedKernelsRefuseToWork() {
    Kernels kernels = VectorKernels.withThreads(2);
    try (Arena arena = kernels.arena()) {
      Tensor x = arena.allocate(3);
      kernels.close();
      kernels.close();
      assertThatThrownBy(() -> kernels.fill(x, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void lessThanOneThreadIsRefused() {
    assertThatThrownBy(() -> VectorKernels.withThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }

  @Test
  void viewsOfViewsAreWrittenThrough() {
    try (Kernels kernels = VectorKernels.withThreads(1)) {
      INDArray flat = Nd4j.zeros(DataType.FLOAT, 20);
      INDArray view = flat.get(NDArrayIndex.interval(3, 18)).get(NDArrayIndex.interval(2, 12));
      Tensor part = kernels.wrap(view.reshape(2, 5));
      kernels.fill(part.slice(2, 3), 4);
      assertThat(flat.toFloatVector())
          .containsExactly(0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  @Test
  void arraysInAnotherOrderAreRefused() {
    try (Kernels kernels = VectorKernels.withThreads(1)) {
      INDArray array = Nd4j.create(DataType.FLOAT, new long[] {3, 4}, 'f');
      assertThatThrownBy(() -> kernels.wrap(array))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("dup('c')");
    }
  }

  @Test
  void tensorsOfOtherKernelsAreRefused() {
    try (Kernels kernels = VectorKernels.withThreads(1);
        Kernels others = new PortableKernels(DataType.FLOAT);
        Arena arena = others.arena()) {
      Tensor foreign = arena.allocate(2, 3);
      assertThatThrownBy(() -> kernels.fill(foreign, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[2, 3]");
    }
  }

  @Test
  void failuresOfAWorkerReachTheCaller() {
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(
              () ->
                  workers.run(
                      100,
                      (chunk, scratch) -> {
                        throw new IllegalStateException("chunk failed");
                      }))
          .hasMessage("chunk failed");
      int[] ran = new int[100];
      workers.run(100, (chunk, scratch) -> ran[chunk]++);
      assertThat(ran).containsOnly(1);
    }
  }
}
