package org.latte4j.spark.inference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.latte4j.model.autoencoder.Autoencoder;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;

/**
 * Images through an autoencoder and back: {@code x} [B,3,H,W] in [-1, 1] gives {@code mean} and
 * {@code logvar} [B,C,h,w], unscaled, and {@code decoded} [B,3,H,W] of the mean.
 */
public final class AutoencoderRoundTrip {
  private static final int COLOURS = 3;

  private final Autoencoder autoencoder;

  /** A round trip; the autoencoder is closed by the caller. */
  public AutoencoderRoundTrip(Autoencoder autoencoder) {
    this.autoencoder = autoencoder;
  }

  /**
   * Encodes, decodes and writes the three tensors.
   *
   * @param inputs a file with x; closed by the caller
   * @param output safetensors file to write
   * @return the latents' shape [B, C, h, w]
   * @throws IOException when the input is missing or of the wrong shape
   */
  public int[] run(WeightSource inputs, Path output) throws IOException {
    InputTensors tensors = new InputTensors(inputs);
    int[] shape = tensors.shape("x", List.of("B", "3", "H", "W"));
    int f = autoencoder.downsampling();
    if (shape[1] != COLOURS || shape[2] % f != 0 || shape[3] % f != 0) {
      throw new InputTensorException(
          "%s: x has shape %s, but must be [B, 3, H, W] with H and W multiples of %d"
              .formatted(inputs.description(), Arrays.toString(shape), f));
    }
    int batch = shape[0];
    int channels = autoencoder.latentChannels();
    int height = shape[2] / f;
    int width = shape[3] / f;
    float[] moments = autoencoder.encode(tensors.floats("x"), batch, shape[2], shape[3]);
    int length = channels * height * width;
    float[] mean = new float[batch * length];
    float[] logVariance = new float[batch * length];
    for (int b = 0; b < batch; b++) {
      System.arraycopy(moments, 2 * b * length, mean, b * length, length);
      System.arraycopy(moments, (2 * b + 1) * length, logVariance, b * length, length);
    }
    float[] decoded = autoencoder.decode(mean, batch, height, width);
    SafetensorsLayout layout =
        SafetensorsLayout.builder()
            .array("mean", ElementType.F32, batch, channels, height, width)
            .array("logvar", ElementType.F32, batch, channels, height, width)
            .array("decoded", ElementType.F32, shape)
            .build();
    SafetensorsWriter.save(
        output,
        layout,
        writer -> {
          writer.write("mean", mean);
          writer.write("logvar", logVariance);
          writer.write("decoded", decoded);
        });
    return new int[] {batch, channels, height, width};
  }
}
