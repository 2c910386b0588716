package org.latte4j.model.kernels;

import org.nd4j.linalg.api.buffer.DataType;

final class PortableFloatKernelsTest extends KernelsTestCase {
  @Override
  Kernels open() {
    return new PortableKernels(DataType.FLOAT);
  }

  @Override
  public double tolerance() {
    return 2e-5;
  }
}
