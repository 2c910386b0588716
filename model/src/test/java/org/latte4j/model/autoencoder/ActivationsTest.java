package org.latte4j.model.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.PortableKernels;
import org.latte4j.model.kernels.Tensor;
import org.nd4j.linalg.api.buffer.DataType;

class ActivationsTest {
  private final Kernels kernels = new PortableKernels(DataType.FLOAT);
  private final Activations activations = new Activations(kernels);

  @AfterEach
  void close() {
    activations.close();
    kernels.close();
  }

  @Test
  void tensorsThatAreLentAtOneTimeShareNothing() {
    Tensor a = activations.borrow(2, 3);
    Tensor b = activations.borrow(2, 3);
    kernels.fill(a, 1);
    kernels.fill(b, 2);
    float[] values = new float[6];
    kernels.download(a, values);
    assertThat(values).containsOnly(1);
  }

  @Test
  void memoryGivenBackIsUsedAgain() {
    activations.giveBack(activations.borrow(100));
    activations.giveBack(activations.borrow(10, 5));
    assertThat(activations.bytes()).isEqualTo(400);
  }

  @Test
  void smallBufferGivesWayToALargerOne() {
    activations.giveBack(activations.borrow(10));
    Tensor large = activations.borrow(10, 20);
    assertThat(large.shape()).containsExactly(10, 20);
    assertThat(activations.bytes()).isEqualTo(800);
  }

  @Test
  void tensorIsGivenBackOnce() {
    Tensor tensor = activations.borrow(4);
    activations.giveBack(tensor);
    assertThatThrownBy(() -> activations.giveBack(tensor))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingFreesWhatIsLentToo() {
    activations.borrow(4);
    activations.giveBack(activations.borrow(8));
    activations.close();
    assertThat(activations.bytes()).isZero();
    assertThat(activations.lent()).isZero();
  }
}
