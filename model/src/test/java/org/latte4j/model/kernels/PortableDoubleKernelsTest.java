package org.latte4j.model.kernels;

import org.nd4j.linalg.api.buffer.DataType;

final class PortableDoubleKernelsTest extends KernelsTestCase {
  @Override
  Kernels open() {
    return new PortableKernels(DataType.DOUBLE);
  }

  @Override
  public double tolerance() {
    return 3e-7;
  }
}
