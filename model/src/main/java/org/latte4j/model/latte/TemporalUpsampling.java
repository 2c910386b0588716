package org.latte4j.model.latte;

import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Operand;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.kernels.Write;

/**
 * Compression frames: after the linear decoder and the reshaping, a transposed 3-D convolution
 * brings the frames back (section 3.3.1).
 *
 * <p>The paper does not give its size. Here it is s x 1 x 1 with stride s x 1 x 1 and 2C channels
 * on both sides: the mirror image of the embedding's tubelets in time, while space is left to the
 * linear decoder, as with uniform frames. Its weight has the shape of PyTorch's ConvTranspose3d.
 */
final class TemporalUpsampling implements FrameDecoder {
  /** [frames, h, w, p, p, 2C] to [frames, h, p, w, p, 2C], and back. */
  private static final int[] TO_PIXELS = {0, 1, 3, 2, 4, 5};

  private static final int[] TO_FRAMES_IN_TIME = {0, 3, 1, 2};
  private static final int[] FROM_FRAMES_IN_TIME = {0, 2, 3, 1};
  private static final int[] EXCHANGED = {0, 2, 1};

  private final Kernels kernels;
  private final Tensor weight;
  private final Tensor weightGradient;
  private final Tensor bias;
  private final Tensor biasGradient;
  private final int frames;
  private final int stride;
  private final int area;
  private final int channels;

  /** [F' H W, 2C]. */
  private final Tensor pixels;

  private final Tensor dPixels;

  /** [F' H W, 2C s]: each pixel's values of all frames of its token. */
  private final Tensor spread;

  /** The same as [F' s, H W, 2C]. */
  private final Tensor inTime;

  TemporalUpsampling(
      Kernels kernels,
      Arena arena,
      LatteConfiguration configuration,
      TokenLayout layout,
      ParameterViews parameters,
      String name) {
    this.kernels = kernels;
    this.frames = layout.allFrames();
    this.stride = configuration.architecture().temporalStride();
    this.area = configuration.latent().height() * configuration.latent().width();
    this.channels = 2 * configuration.latent().channels();
    this.weight = parameters.value(name + ".weight").reshape(channels, channels * stride);
    this.weightGradient =
        parameters.gradient(name + ".weight").reshape(channels, channels * stride);
    this.bias = parameters.value(name + ".bias");
    this.biasGradient = parameters.gradient(name + ".bias");
    this.pixels = arena.allocate(frames * area, channels);
    this.dPixels = arena.allocate(frames * area, channels);
    this.spread = arena.allocate(frames * area, channels * stride);
    this.inTime = arena.allocate(frames * stride, area, channels);
  }

  @Override
  public void forward(Tensor patches, Tensor out) {
    kernels.permute(patches, TO_PIXELS, byPixel(patches, pixels));
    kernels.multiply(pixels, Operand.PLAIN, weight, Operand.PLAIN, Write.SET, spread);
    kernels.permute(
        spread.reshape(frames, area, channels, stride),
        TO_FRAMES_IN_TIME,
        inTime.reshape(frames, stride, area, channels));
    kernels.addBias(inTime.reshape(frames * stride * area, channels), bias);
    kernels.permute(inTime, EXCHANGED, out.reshape(frames * stride, channels, area));
  }

  @Override
  public void backward(Tensor dOut, Tensor dPatches) {
    kernels.permute(dOut.reshape(frames * stride, channels, area), EXCHANGED, inTime);
    kernels.addColumnSums(inTime.reshape(frames * stride * area, channels), biasGradient);
    kernels.permute(
        inTime.reshape(frames, stride, area, channels),
        FROM_FRAMES_IN_TIME,
        spread.reshape(frames, area, channels, stride));
    kernels.multiply(pixels, Operand.TRANSPOSED, spread, Operand.PLAIN, Write.ADD, weightGradient);
    kernels.multiply(spread, Operand.PLAIN, weight, Operand.TRANSPOSED, Write.SET, dPixels);
    kernels.permute(byPixel(dPatches, dPixels), TO_PIXELS, dPatches);
  }

  private static Tensor byPixel(Tensor patches, Tensor pixels) {
    int p = patches.size(3);
    return pixels.reshape(patches.size(0), patches.size(1), p, patches.size(2), p, patches.size(5));
  }
}
