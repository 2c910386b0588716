package org.latte4j.model.latte;

import org.latte4j.model.kernels.Tensor;

/**
 * Neighbouring token rows that belong to neighbouring conditions, equally many rows to each.
 *
 * @param index number of the group in its scope
 * @param firstRow of the token matrix
 * @param rows number of them, a multiple of {@code items}
 * @param firstItem of the condition matrix
 * @param items number of conditions
 */
record RowGroup(int index, int firstRow, int rows, int firstItem, int items) {

  /** This group's part of a token matrix [R, width]. */
  Tensor rows(Tensor matrix) {
    return part(matrix, firstRow, rows);
  }

  /** This group's part of a matrix with one row a condition. */
  Tensor items(Tensor matrix) {
    return part(matrix, firstItem, items);
  }

  /** Some rows of a matrix: the matrix itself where they are all. */
  static Tensor part(Tensor matrix, int first, int count) {
    if (first == 0 && count == matrix.size(0)) {
      return matrix;
    }
    int width = matrix.size(1);
    return matrix.slice((long) first * width, count, width);
  }
}
