package org.latte4j.model.autoencoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.weights.Part;
import org.latte4j.model.weights.WeightSource;
import org.latte4j.model.weights.Weights;

/**
 * The variational autoencoder of latent diffusion (arXiv 2112.10752, appendix G) with a KL-regular
 * latent space, as diffusers' AutoencoderKL computes it: the first stage of Stable Diffusion and of
 * the Latte paper.
 *
 * <p>Images go through the network one at a time, so that a frame's latents do not depend on the
 * batch it came in. Memory: the weights (335 MB for Stable Diffusion's) and a few activations of
 * the largest layer, which are kept for the next call (132 MB to encode images of 256 x 256, 228 MB
 * to decode them), besides what the kernels need.
 *
 * <p>Not thread-safe: one instance a thread. Closing frees the memory and closes the kernels.
 */
public final class AutoencoderKl implements Autoencoder {
  private static final int COLOURS = 3;

  private final AutoencoderKlConfig config;
  private final String fingerprint;
  private final Kernels kernels;
  private final Arena weights;
  private final Activations activations;
  private final Encoder encoder;
  private final Decoder decoder;
  private boolean closed;

  private AutoencoderKl(
      AutoencoderKlConfig config,
      String fingerprint,
      Kernels kernels,
      Arena weights,
      ParameterScope parameters) {
    this.config = config;
    this.fingerprint = fingerprint;
    this.kernels = kernels;
    this.weights = weights;
    this.activations = new Activations(kernels);
    this.encoder = new Encoder(kernels, parameters, config);
    this.decoder = new Decoder(kernels, parameters, config);
  }

  /**
   * Reads diffusers' folder of an AutoencoderKL: {@code config.json} beside {@code
   * diffusion_pytorch_model.safetensors} (or its shards and index, or {@code .bin}). Both
   * generations of names of the attention's projections are read.
   *
   * @param kernels makes the arithmetic; asked once, after the folder has been checked; closed with
   *     the autoencoder
   * @throws org.latte4j.model.weights.WeightFormatException if something is missing, damaged, not
   *     implemented, or does not fit; the message names file and key or parameter
   */
  public static AutoencoderKl open(Path folder, Supplier<Kernels> kernels) throws IOException {
    DiffusersFolder files = DiffusersFolder.of(folder);
    AutoencoderKlConfig config = AutoencoderKlConfig.read(files.config());
    try (WeightSource source = Weights.open(files.weights(), Part.MODEL)) {
      return load(config, source, fingerprint(files), kernels);
    }
  }

  /** The {@link #fingerprint()} of what a folder holds. */
  static String fingerprint(DiffusersFolder files) throws IOException {
    return "autoencoder-kl:" + files.digest();
  }

  /**
   * As {@link #open}, from weights that lie anywhere.
   *
   * @param source stays the caller's
   * @param fingerprint see {@link #fingerprint()}
   */
  public static AutoencoderKl load(
      AutoencoderKlConfig config,
      WeightSource source,
      String fingerprint,
      Supplier<Kernels> kernels)
      throws IOException {
    KlParameters.check(source, config);
    Kernels own = kernels.get();
    Arena weights = own.arena();
    try {
      ParameterScope parameters =
          ParameterScope.of(KlParameters.read(source, config, own, weights));
      return new AutoencoderKl(config, fingerprint, own, weights, parameters);
    } catch (Throwable e) {
      weights.close();
      own.close();
      throw e;
    }
  }

  /** The network's sizes. */
  public AutoencoderKlConfig config() {
    return config;
  }

  @Override
  public int latentChannels() {
    return config.latentChannels();
  }

  @Override
  public int downsampling() {
    return config.downsampling();
  }

  @Override
  public double scalingFactor() {
    return config.scalingFactor();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public float[] encode(float[] images, int batch, int height, int width) {
    int f = config.downsampling();
    ImageShape from =
        new ImageShape(batch, COLOURS, height, width)
            .requireMultipleOf(f)
            .requireLength(images, "images to encode");
    ImageShape to = new ImageShape(batch, 2 * latentChannels(), height / f, width / f);
    float[] moments = forEachImage(encoder, images, from, to);
    for (int image = 0; image < batch; image++) {
      int start = image * to.imageLength();
      clamp(moments, start + to.imageLength() / 2, start + to.imageLength());
    }
    return moments;
  }

  @Override
  public float[] decode(float[] latents, int batch, int height, int width) {
    int f = config.downsampling();
    ImageShape from =
        new ImageShape(batch, latentChannels(), height, width)
            .requireLength(latents, "latents to decode");
    ImageShape to =
        new ImageShape(batch, COLOURS, Math.multiplyExact(height, f), Math.multiplyExact(width, f));
    return forEachImage(decoder, latents, from, to);
  }

  /** Bytes that activations hold now; they grow with the largest image so far. */
  long activationBytes() {
    return activations.bytes();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    activations.close();
    weights.close();
    kernels.close();
  }

  private float[] forEachImage(Layer network, float[] in, ImageShape from, ImageShape to) {
    if (closed) {
      throw new IllegalStateException("this autoencoder is closed");
    }
    float[] out = new float[to.length()];
    float[] result = new float[to.imageLength()];
    try {
      for (int image = 0; image < from.batch(); image++) {
        int start = image * from.imageLength();
        Tensor x = activations.borrow(1, from.channels(), from.height(), from.width());
        kernels.upload(Arrays.copyOfRange(in, start, start + from.imageLength()), x);
        Tensor y = network.forward(x, activations);
        activations.giveBack(x);
        kernels.download(y, result);
        activations.giveBack(y);
        System.arraycopy(result, 0, out, image * to.imageLength(), result.length);
      }
    } finally {
      activations.reclaim();
    }
    return out;
  }

  private static void clamp(float[] moments, int from, int to) {
    for (int i = from; i < to; i++) {
      moments[i] = KlLoss.clamp(moments[i]);
    }
  }
}
