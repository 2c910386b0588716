package org.latte4j.model.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.latte4j.model.kernels.KernelsContract.normal;

import org.junit.jupiter.api.Test;

/** Tensors and the arenas that they live in. */
interface TensorContract extends KernelsContract {

  @Test
  default void newTensorsAreZero() {
    assertThat(values(arena().allocate(3, 5))).containsOnly(0);
  }

  @Test
  default void downloadReturnsWhatWasUploaded() {
    double[] x = normal(1, 77);
    assertThat(values(tensor(x, 7, 11))).containsExactly(x);
  }

  @Test
  default void slicesShareStorage() {
    Tensor x = tensor(normal(1, 24), 2, 3, 4);
    kernels().fill(x.slice(5, 3, 2).reshape(6), 9);
    double[] expected = normal(1, 24);
    java.util.Arrays.fill(expected, 5, 11, 9);
    assertThat(values(x)).containsExactly(expected);
  }

  @Test
  default void slicesOfSlicesCountFromTheirOwnStart() {
    Tensor x = tensor(normal(1, 24), 24);
    assertThat(values(x.slice(5, 12).slice(3, 2)))
        .containsExactly(normal(1, 24)[8], normal(1, 24)[9]);
  }

  @Test
  default void slicesOutsideTheTensorAreRefused() {
    Tensor x = arena().allocate(2, 3);
    assertThatThrownBy(() -> x.slice(4, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3]")
        .hasMessageContaining("offset 4")
        .hasMessageContaining("[2, 3]");
  }

  @Test
  default void reshapeToAnotherLengthIsRefused() {
    Tensor x = arena().allocate(2, 3);
    assertThatThrownBy(() -> x.reshape(7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 3]")
        .hasMessageContaining("[7]");
  }

  @Test
  default void uploadOfAnotherLengthIsRefused() {
    Tensor x = arena().allocate(2, 3);
    assertThatThrownBy(() -> kernels().upload(new float[5], x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[2, 3]")
        .hasMessageContaining("5");
  }

  @Test
  default void arenaCountsAndReturnsItsBytes() {
    Arena arena = kernels().arena();
    arena.allocate(100, 10);
    assertThat(arena.bytes()).isGreaterThanOrEqualTo(4000);
    arena.close();
    arena.close();
    assertThat(arena.bytes()).isZero();
  }

  @Test
  default void closedArenaAllocatesNoMore() {
    Arena arena = kernels().arena();
    arena.close();
    assertThatThrownBy(() -> arena.allocate(1)).isInstanceOf(IllegalStateException.class);
  }
}
