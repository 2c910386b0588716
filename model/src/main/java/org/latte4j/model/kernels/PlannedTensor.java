package org.latte4j.model.kernels;

/** A tensor of {@link CountingKernels}: a shape without values. */
final class PlannedTensor extends ShapedTensor<PlannedTensor> {

  PlannedTensor(int... shape) {
    super(shape);
  }

  @Override
  PlannedTensor view(long offset, int... shape) {
    return new PlannedTensor(shape);
  }
}
