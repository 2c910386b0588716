package org.latte4j.spark.inference;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.latte.T2vConfiguration;
import org.latte4j.model.latte.T2vDenoiser;
import org.latte4j.model.latte.T2vWeights;
import org.latte4j.model.weights.WeightSource;

/**
 * A forward pass of the released LatteT2V: {@code x} [B,F,C,H,W], {@code t} [B], {@code text}
 * [B,L,W] and, where texts are shorter, {@code mask} [B,L], 1 for the tokens that count.
 */
final class TextToVideoPass {
  private final Kernels kernels;
  private final WeightSource weights;
  private final int heads;

  TextToVideoPass(Kernels kernels, WeightSource weights, int heads) {
    this.kernels = kernels;
    this.weights = weights;
    this.heads = heads;
  }

  /**
   * The sizes of the model for clips of a shape.
   *
   * @param shape B, F, C, H, W
   * @throws InputTensorException if they are not the model's
   */
  T2vConfiguration sizes(int[] shape, WeightSource inputs) throws IOException {
    T2vConfiguration sizes;
    try {
      sizes = T2vWeights.sizes(weights, heads, shape[1], shape[3], shape[4]);
    } catch (IllegalArgumentException e) {
      throw new InputTensorException(inputs.description() + ": x does not fit: " + e.getMessage());
    }
    if (shape[2] != sizes.network().latent().channels()) {
      throw new InputTensorException(
          "%s: x has %d channels, but %s is for %d"
              .formatted(
                  inputs.description(),
                  shape[2],
                  weights.description(),
                  sizes.network().latent().channels()));
    }
    return sizes;
  }

  /** Predicted noise and variance values [B,F,2C,H,W]. */
  float[] run(T2vConfiguration sizes, float[] x, int[] t, List<float[]> texts) throws IOException {
    float[] out = new float[Math.multiplyExact(2, x.length)];
    try (T2vDenoiser denoiser = new T2vDenoiser(kernels, sizes, weights)) {
      denoiser.texts(texts);
      denoiser.denoise(x, t, IntStream.range(0, t.length).toArray(), out);
    }
    return out;
  }

  /** The tokens of each clip's text that count. */
  static List<float[]> texts(
      InputTensors tensors, WeightSource inputs, int batch, T2vConfiguration sizes)
      throws IOException {
    int[] shape = tensors.shape("text", List.of("B", "L", "W"));
    if (shape[0] != batch || shape[2] != sizes.textWidth()) {
      throw new InputTensorException(
          "%s: the tensor text has shape [%d, %d, %d], but must be [%d, L, %d]"
              .formatted(
                  inputs.description(), shape[0], shape[1], shape[2], batch, sizes.textWidth()));
    }
    int length = shape[1];
    int width = shape[2];
    float[] all = tensors.floats("text");
    int[] mask =
        inputs.contains("mask")
            ? tensors.indices("mask", batch, length, 1)
            : IntStream.generate(() -> 1).limit((long) batch * length).toArray();
    List<float[]> texts = new ArrayList<>();
    for (int clip = 0; clip < batch; clip++) {
      int first = clip * length;
      int[] kept =
          IntStream.range(first, first + length).filter(token -> mask[token] == 1).toArray();
      if (kept.length == 0) {
        throw new InputTensorException(
            "%s: the mask leaves no token of text %d".formatted(inputs.description(), clip));
      }
      float[] text = new float[kept.length * width];
      for (int i = 0; i < kept.length; i++) {
        System.arraycopy(all, kept[i] * width, text, i * width, width);
      }
      texts.add(text);
    }
    return texts;
  }
}
