package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.kernels.Tensor;

/**
 * The token rows that a module works on: all of them, or the videos' alone, which come first.
 *
 * @param rows number of rows
 * @param items number of conditions they belong to
 * @param groups the rows by condition
 */
record TokenScope(int rows, int items, List<RowGroup> groups) {

  /** The rows of this scope in a token matrix. */
  Tensor rows(Tensor matrix) {
    return RowGroup.part(matrix, 0, rows);
  }

  /** The rows of this scope in a matrix with one row a condition. */
  Tensor items(Tensor matrix) {
    return RowGroup.part(matrix, 0, items);
  }
}
