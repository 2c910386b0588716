package org.latte4j.model.latte;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/**
 * The attention of Variant 4 (figure 2d): one attention over space and one over time look at the
 * same tokens, and their results are added. Images take part in the one over space alone.
 */
final class ParallelAttention implements Branch {
  private final Kernels kernels;
  private final SelfAttention spatial;
  private final SelfAttention temporal;
  private final TokenScope video;

  /**
   * Joins two attentions.
   *
   * @param spatial over all rows
   * @param temporal over the rows of {@code video}
   */
  ParallelAttention(
      Kernels kernels, SelfAttention spatial, SelfAttention temporal, TokenScope video) {
    this.kernels = kernels;
    this.spatial = spatial;
    this.temporal = temporal;
    this.video = video;
  }

  @Override
  public void forward(Tensor input, Tensor out) {
    spatial.forward(input, Write.SET, out);
    temporal.forward(video.rows(input), Write.ADD, video.rows(out));
    kernels.addBias(video.rows(out), temporal.bias());
  }

  @Override
  public Tensor bias() {
    return spatial.bias();
  }

  @Override
  public Tensor biasGradient() {
    return spatial.biasGradient();
  }

  @Override
  public void backward(Tensor input, Tensor dOut, BlockGradients g, Tensor dInput) {
    spatial.backward(input, dOut, g, Write.SET, dInput);
    temporal.backward(
        video.rows(input), video.rows(dOut), g.within(video), Write.ADD, video.rows(dInput));
    kernels.addColumnSums(video.rows(dOut), temporal.biasGradient());
  }
}
