package org.latte4j.spark.averaging;

import java.io.Serializable;
import java.util.List;
import org.latte4j.model.parameters.FlatLayout;

/**
 * Name and shape of one tensor of the network's flat parameter vector.
 *
 * @param name the reference's name, such as {@code blocks.0.attn.qkv.weight}
 * @param shape sizes, outermost first; the values lie in row-major order
 */
public record ParameterTensor(String name, List<Integer> shape) implements Serializable {
  /** Refuses sizes below one, and tensors of 2 GiB or more, which no slice can hold. */
  public ParameterTensor {
    shape = List.copyOf(shape);
    long length = 1;
    for (int size : shape) {
      length *= size;
      if (size < 1 || length > SlicePlan.LONGEST_SLICE) {
        throw new IllegalArgumentException(
            "parameter %s has shape %s: sizes are at least 1, and at most %d values in all"
                .formatted(name, shape, SlicePlan.LONGEST_SLICE));
      }
    }
  }

  /** The tensors of a network, in flat order. */
  public static List<ParameterTensor> of(FlatLayout layout) {
    return layout.parameters().stream()
        .map(parameter -> new ParameterTensor(parameter.name(), parameter.shape()))
        .toList();
  }

  /** Number of values. */
  public int length() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
