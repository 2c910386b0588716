package org.latte4j.spark.checkpoint;

import java.io.Serializable;
import java.util.List;

/**
 * A table of the network that is not trained but belongs in its weight files: {@code pos_embed},
 * {@code temp_embed}. The array is not copied; do not change it.
 */
public final class FixedTable implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final List<Integer> shape;
  private final float[] values;

  /**
   * A table.
   *
   * @param shape sizes, outermost first
   * @param values in row-major order
   */
  public FixedTable(String name, List<Integer> shape, float[] values) {
    if (shape.stream().reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(
          "table %s of shape %s has %d values".formatted(name, shape, values.length));
    }
    this.name = name;
    this.shape = List.copyOf(shape);
    this.values = values;
  }

  String name() {
    return name;
  }

  List<Integer> shape() {
    return shape;
  }

  float[] values() {
    return values;
  }
}
