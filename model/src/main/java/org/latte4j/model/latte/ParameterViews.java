package org.latte4j.model.latte;

import java.util.function.Function;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.parameters.FlatLayout;

/**
 * Named views into the flat parameter vector and the flat gradient vector.
 *
 * <p>The vectors belong to the caller (in training, to Deeplearning4j); views stay valid as long as
 * they do.
 */
final class ParameterViews {
  private final Function<String, FlatLayout.Parameter> layout;
  private final Tensor values;
  private final Tensor gradients;

  /**
   * Views for training.
   *
   * @param values [P], P as the layout says
   * @param gradients [P]; gradients are added to it. The same tensor as {@code values} where no
   *     backward pass is run
   */
  ParameterViews(ParameterLayout layout, Tensor values, Tensor gradients) {
    this(layout::parameter, layout.length(), values, gradients);
  }

  /** Views for forward passes over a layout of LatteT2V. */
  ParameterViews(T2vLayout layout, Tensor values) {
    this(layout::ofModule, layout.length(), values, values);
  }

  private ParameterViews(
      Function<String, FlatLayout.Parameter> layout, long length, Tensor values, Tensor gradients) {
    if (values.length() != length || gradients.length() != length) {
      throw new IllegalArgumentException(
          "the network has %d parameters, but the vectors hold %d values and %d gradients"
              .formatted(length, values.length(), gradients.length()));
    }
    this.layout = layout;
    this.values = values;
    this.gradients = gradients;
  }

  /** A parameter's values in its own shape. */
  Tensor value(String name) {
    return view(values, name);
  }

  /** A parameter's gradient in its own shape. */
  Tensor gradient(String name) {
    return view(gradients, name);
  }

  private Tensor view(Tensor flat, String name) {
    FlatLayout.Parameter parameter = layout.apply(name);
    return flat.slice(parameter.offset(), parameter.sizes());
  }
}
