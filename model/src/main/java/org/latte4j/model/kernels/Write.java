package org.latte4j.model.kernels;

/** What happens to the values that a result's tensor already holds. */
public enum Write {
  /** They are replaced. */
  SET,
  /** The result is added to them. */
  ADD
}
