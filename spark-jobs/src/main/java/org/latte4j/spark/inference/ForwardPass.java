package org.latte4j.spark.inference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.latte4j.model.diffusion.Denoiser;
import org.latte4j.model.diffusion.GuidedDenoiser;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteDenoiser;
import org.latte4j.model.latte.LatteWeights;
import org.latte4j.model.latte.T2vConfiguration;
import org.latte4j.model.latte.T2vWeights;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.weights.ElementType;
import org.latte4j.model.weights.SafetensorsLayout;
import org.latte4j.model.weights.SafetensorsWriter;
import org.latte4j.model.weights.WeightSource;

/**
 * One forward pass of a model on given tensors: {@code x} [B,F,C,H,W], {@code t} [B] and, for a
 * model with classes, {@code y} [B] give {@code out} [B,F,2C,H,W].
 *
 * <p>The last N frames may be images, as in joint training: {@code x} is [B,F+N,C,H,W] then, and a
 * model with classes also needs the images' classes {@code y_image} [B,N].
 *
 * <p>A model that is told texts needs their embeddings {@code text} [B,77,768] instead of {@code
 * y}; zeros stand for no text, in guidance as well. The released LatteT2V takes tokens of texts of
 * any length, {@code text} [B,L,W] and perhaps {@code mask} [B,L].
 *
 * <p>With guidance, every clip is predicted with its class and with the null label, and the noise
 * of the two combined; the variance values are those of the class. A batch whose second half of
 * {@code y} is all null labels is taken as the reference's {@code forward_with_cfg} takes it: the
 * first half's clips are used for both halves, both get the guided noise, each its own variance
 * values.
 */
public final class ForwardPass {
  private static final int LAST_TIMESTEP = 999;
  private static final List<String> CLIPS = List.of("B", "F", "C", "H", "W");

  private final Kernels kernels;
  private final WeightSource weights;
  private final Architecture architecture;
  private final int heads;

  /**
   * A pass of the network with these weights.
   *
   * @param kernels the arithmetic; closed by the caller
   * @param weights closed by the caller
   * @param architecture of the network
   * @param heads attention heads, which leave no trace in weights
   */
  public ForwardPass(Kernels kernels, WeightSource weights, Architecture architecture, int heads) {
    this.kernels = kernels;
    this.weights = weights;
    this.architecture = architecture;
    this.heads = heads;
  }

  /**
   * Computes {@code out} and writes it.
   *
   * @param inputs a file with x, t and y; closed by the caller
   * @param images N: frames at the end of each clip that are images; 0 for none
   * @param guidance scale of classifier-free guidance; empty for a plain pass
   * @param output safetensors file to write
   * @return the sizes of the network
   * @throws IOException when weights or inputs are missing, damaged or of the wrong sizes
   */
  public LatteConfiguration run(
      WeightSource inputs, int images, OptionalDouble guidance, Path output) throws IOException {
    InputTensors tensors = new InputTensors(inputs);
    int[] shape = tensors.shape("x", CLIPS);
    if (T2vWeights.areIn(weights)) {
      if (guidance.isPresent() || images > 0) {
        throw new InputTensorException(
            weights.description()
                + " is a LatteT2V, of which denoise makes plain passes over clips: leave out"
                + " --guidance and --images");
      }
      return textToVideo(tensors, inputs, shape, output);
    }
    LatteConfiguration sizes = sizes(shape, images, inputs);
    int batch = shape[0];
    int[] t = tensors.indices("t", batch, LAST_TIMESTEP);
    int[] y = sizes.conditional() ? tensors.indices("y", batch, sizes.classes()) : new int[0];
    boolean told = sizes.architecture().text() != TextConditioning.NONE;
    if (guidance.isPresent() && !sizes.conditional() && !told) {
      throw new InputTensorException(
          weights.description()
              + " has no classes and takes no text: there is nothing to guide, leave out --guidance");
    }
    if (guidance.isPresent() && images > 0) {
      throw new InputTensorException(
          "guidance is for videos: leave out --guidance, or --images %d".formatted(images));
    }
    float[] x = tensors.floats("x");
    float[] out = new float[Math.multiplyExact(2, x.length)];
    try (LatteDenoiser denoiser = new LatteDenoiser(kernels, sizes, weights)) {
      if (told) {
        float[] text = text(tensors, batch, inputs);
        withText(denoiser, sizes, guidance, x, t, text, out);
      } else if (images > 0) {
        int[] imageY =
            sizes.conditional()
                ? tensors.indices("y_image", batch, images, sizes.classes())
                : new int[0];
        denoiser.denoise(x, t, y, images, imageY, out);
      } else if (guidance.isEmpty()) {
        denoiser.denoise(x, t, y, out);
      } else {
        guided(denoiser, sizes, guidance.getAsDouble(), x, t, y, out);
      }
    }
    write(out, shape, output);
    return sizes;
  }

  private LatteConfiguration textToVideo(
      InputTensors tensors, WeightSource inputs, int[] shape, Path output) throws IOException {
    TextToVideoPass pass = new TextToVideoPass(kernels, weights, heads);
    T2vConfiguration sizes = pass.sizes(shape, inputs);
    int[] t = tensors.indices("t", shape[0], LAST_TIMESTEP);
    List<float[]> texts = TextToVideoPass.texts(tensors, inputs, shape[0], sizes);
    write(pass.run(sizes, tensors.floats("x"), t, texts), shape, output);
    return sizes.network();
  }

  private static float[] text(InputTensors tensors, int batch, WeightSource inputs)
      throws IOException {
    int[] shape = tensors.shape("text", List.of("B", "77", "768"));
    int[] needed = {batch, TextConditioning.TOKENS, TextConditioning.WIDTH};
    if (!Arrays.equals(shape, needed)) {
      throw new InputTensorException(
          "%s: the tensor text has shape %s, but must be %s"
              .formatted(inputs.description(), Arrays.toString(shape), Arrays.toString(needed)));
    }
    return tensors.floats("text");
  }

  /** Guided, the noise is that without text plus scale times what the text adds. */
  private static void withText(
      LatteDenoiser denoiser,
      LatteConfiguration sizes,
      OptionalDouble guidance,
      float[] x,
      int[] t,
      float[] text,
      float[] out) {
    denoiser.denoiseWithText(x, t, text, out);
    if (guidance.isEmpty()) {
      return;
    }
    float[] without = new float[out.length];
    denoiser.denoiseWithText(x, t, new float[text.length], without);
    int frame = sizes.latent().frameLength();
    double scale = guidance.getAsDouble();
    for (int from = 0; from < out.length; from += 2 * frame) {
      for (int i = from; i < from + frame; i++) {
        out[i] = (float) (without[i] + scale * ((double) out[i] - without[i]));
      }
    }
  }

  private LatteConfiguration sizes(int[] shape, int images, WeightSource inputs)
      throws IOException {
    LatteConfiguration sizes;
    try {
      sizes = LatteWeights.sizes(weights, architecture, heads, shape[3], shape[4]);
      sizes.checkImages(images);
    } catch (IllegalArgumentException e) {
      throw new InputTensorException(inputs.description() + ": x does not fit: " + e.getMessage());
    }
    LatentShape latent = sizes.latent();
    if (shape[1] != latent.frames() + images || shape[2] != latent.channels()) {
      throw new InputTensorException(
          "%s: x has %d frames%s and %d channels, but %s is for %d frames and %d channels"
              .formatted(
                  inputs.description(),
                  shape[1],
                  images == 0 ? "" : ", %d of them images,".formatted(images),
                  shape[2],
                  weights.description(),
                  latent.frames(),
                  latent.channels()));
    }
    return sizes;
  }

  private static void guided(
      Denoiser denoiser,
      LatteConfiguration sizes,
      double scale,
      float[] x,
      int[] t,
      int[] y,
      float[] out) {
    LatentShape latent = sizes.latent();
    Denoiser guided = new GuidedDenoiser(denoiser, latent, scale, sizes.nullLabel());
    int half = y.length / 2;
    if (!doubled(y, sizes.nullLabel())) {
      guided.denoise(x, t, y, out);
      return;
    }
    float[] clips = Arrays.copyOf(x, half * latent.length());
    float[] conditional = new float[2 * clips.length];
    float[] unconditional = new float[2 * clips.length];
    guided.denoise(clips, Arrays.copyOf(t, half), Arrays.copyOf(y, half), conditional);
    denoiser.denoise(
        clips,
        Arrays.copyOfRange(t, half, 2 * half),
        Arrays.copyOfRange(y, half, 2 * half),
        unconditional);
    int frame = latent.frameLength();
    for (int from = 0; from < conditional.length; from += 2 * frame) {
      System.arraycopy(conditional, from, unconditional, from, frame);
    }
    System.arraycopy(conditional, 0, out, 0, conditional.length);
    System.arraycopy(unconditional, 0, out, conditional.length, unconditional.length);
  }

  /** Whether the second half is the null label throughout, and the first half is not. */
  private static boolean doubled(int[] y, int nullLabel) {
    int half = y.length / 2;
    return y.length % 2 == 0
        && Arrays.stream(y, half, y.length).allMatch(label -> label == nullLabel)
        && Arrays.stream(y, 0, half).anyMatch(label -> label != nullLabel);
  }

  private static void write(float[] out, int[] shape, Path output) throws IOException {
    SafetensorsLayout layout =
        SafetensorsLayout.builder()
            .array("out", ElementType.F32, shape[0], shape[1], 2 * shape[2], shape[3], shape[4])
            .build();
    SafetensorsWriter.save(output, layout, writer -> writer.write("out", out));
  }
}
