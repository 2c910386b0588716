package org.latte4j.model.kernels;

/** How a matrix enters a product. */
public enum Operand {
  /** As stored. */
  PLAIN,
  /** Rows and columns exchanged. */
  TRANSPOSED
}
