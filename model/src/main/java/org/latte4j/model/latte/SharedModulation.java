package org.latte4j.model.latte;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.latte4j.model.kernels.Tensor;

/** Another modulation's vectors with gradients of their own. */
final class SharedModulation implements Modulation {
  private final Function<RowGroup, Tensor> values;
  private final BiFunction<RowGroup, Tensor, Tensor> part;
  private final Tensor gradients;

  /**
   * Over vectors that another modulation computes.
   *
   * @param part a group's part of {@code gradients}
   */
  SharedModulation(
      Function<RowGroup, Tensor> values,
      BiFunction<RowGroup, Tensor, Tensor> part,
      Tensor gradients) {
    this.values = values;
    this.part = part;
    this.gradients = gradients;
  }

  @Override
  public Tensor values(RowGroup group) {
    return values.apply(group);
  }

  @Override
  public Tensor gradients(RowGroup group) {
    return part.apply(group, gradients);
  }

  @Override
  public void forward() {
    throw new IllegalStateException("shared vectors are computed by their owner");
  }

  @Override
  public Modulation shared() {
    throw new IllegalStateException("ask the owner of these vectors to share them");
  }

  @Override
  public void backward() {
    throw new IllegalStateException("the owner of shared vectors takes their gradients");
  }
}
