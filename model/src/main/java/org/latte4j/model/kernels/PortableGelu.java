package org.latte4j.model.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * GELU in its tanh form, as x sigmoid(u) with u = 2 sqrt(2 / pi) (x + 0.044715 x^3); the same
 * function, since (1 + tanh(a)) / 2 = sigmoid(2 a). ND4J's own {@code PreciseGELU} computes another
 * one.
 */
final class PortableGelu {
  private static final double FACTOR = 2 * Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  private PortableGelu() {}

  static INDArray value(INDArray x) {
    return gate(x).muli(x);
  }

  static INDArray slope(INDArray x) {
    INDArray gate = gate(x);
    INDArray innerSlope = x.mul(x).muli(3 * CUBIC).addi(1).muli(FACTOR);
    return gate.rsub(1).muli(x).muli(innerSlope).addi(1).muli(gate);
  }

  private static INDArray gate(INDArray x) {
    return Transforms.sigmoid(x.mul(x).muli(CUBIC).addi(1).muli(x).muli(FACTOR), false);
  }
}
