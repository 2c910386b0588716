package org.latte4j.model.autoencoder;

import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;

/**
 * Forward pass, loss and backward pass over a batch, image by image: activations of one image are
 * held at a time. After its first image a pass allocates nothing off-heap. Not thread-safe.
 */
final class KlLossPass implements AutoCloseable {
  private static final int COLOURS = 3;

  private final Kernels kernels;
  private final Tensor gradients;
  private final Activations buffers;
  private final Encoder encoder;
  private final Decoder decoder;
  private final KlLoss loss;
  private final int size;
  private final int latentSize;
  private final float[] image;
  private final float[] moments;
  private final float[] dMoments;
  private final float[] noise;
  private final float[] z;
  private final float[] decoded;
  private final float[] dDecoded;
  private double reconstruction;
  private double divergence;

  /**
   * A pass over images of one size.
   *
   * @param size of the images in pixels, a multiple of the network's downsampling
   * @param parameters the flat vector
   * @param gradients of its length
   */
  KlLossPass(
      Kernels kernels,
      AutoencoderKlConfig config,
      KlLoss loss,
      int size,
      Tensor parameters,
      Tensor gradients) {
    new ImageShape(1, COLOURS, size, size).requireMultipleOf(config.downsampling());
    KlParameterLayout layout = new KlParameterLayout(config);
    ParameterScope scope = ParameterScope.of(layout.views(parameters), layout.views(gradients));
    this.kernels = kernels;
    this.gradients = gradients;
    this.buffers = new Activations(kernels);
    this.encoder = new Encoder(kernels, scope, config);
    this.decoder = new Decoder(kernels, scope, config);
    this.loss = loss;
    this.size = size;
    this.latentSize = size / config.downsampling();
    int latents = config.latentChannels() * latentSize * latentSize;
    this.image = new float[COLOURS * size * size];
    this.moments = new float[2 * latents];
    this.dMoments = new float[2 * latents];
    this.noise = new float[latents];
    this.z = new float[latents];
    this.decoded = new float[image.length];
    this.dDecoded = new float[image.length];
  }

  /** Values of one image's posterior sample, and of the noise that it takes. */
  int latentLength() {
    return z.length;
  }

  /** Bytes of activations held now. */
  long activationBytes() {
    return buffers.bytes();
  }

  /**
   * Overwrites the gradient vector with the gradient of the mean loss.
   *
   * @param images [B, 3, S, S] in [-1, 1]
   * @param noises standard normal [B, C, S / f, S / f]
   * @param clipNorm highest norm of the gradient, or 0
   */
  AutoencoderStep run(float[] images, float[] noises, double clipNorm) {
    kernels.fill(gradients, 0);
    reconstruction = 0;
    divergence = 0;
    try {
      for (int i = 0; i < loss.batch(); i++) {
        System.arraycopy(images, i * image.length, image, 0, image.length);
        System.arraycopy(noises, i * noise.length, noise, 0, noise.length);
        thereAndBack();
      }
    } finally {
      buffers.reclaim();
    }
    reconstruction /= loss.batch();
    divergence /= loss.batch();
    double norm = Math.sqrt(kernels.sumOfSquares(gradients));
    if (clipNorm > 0 && norm > clipNorm) {
      kernels.scale(gradients, clipNorm / (norm + 1e-6));
    }
    double total = reconstruction + loss.klWeight() * divergence;
    return new AutoencoderStep(reconstruction, divergence, total, norm);
  }

  private void thereAndBack() {
    Recording encoding = new Recording(kernels, buffers);
    Tensor x = uploaded(image, COLOURS, size);
    Tensor encoded = encoder.forward(x, encoding);
    kernels.download(encoded, moments);
    loss.draw(moments, noise, z);

    Recording decoding = new Recording(kernels, buffers);
    Tensor latents = uploaded(z, z.length / (latentSize * latentSize), latentSize);
    Tensor y = decoder.forward(latents, decoding);
    kernels.download(y, decoded);
    reconstruction += loss.reconstruction(image, decoded, dDecoded);

    Tensor dLatents = decoding.backward(y, uploaded(dDecoded, COLOURS, size), latents);
    kernels.download(dLatents, z);
    buffers.giveBack(dLatents);
    buffers.giveBack(latents);
    divergence += loss.divergence(moments, noise, z, image.length, dMoments);
    Tensor dEncoded = uploaded(dMoments, encoded.size(1), latentSize);
    buffers.giveBack(encoding.backward(encoded, dEncoded, x));
    buffers.giveBack(x);
  }

  private Tensor uploaded(float[] values, int channels, int side) {
    Tensor tensor = buffers.borrow(1, channels, side, side);
    kernels.upload(values, tensor);
    return tensor;
  }

  @Override
  public void close() {
    buffers.close();
  }
}
