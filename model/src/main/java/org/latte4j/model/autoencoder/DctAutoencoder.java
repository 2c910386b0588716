package org.latte4j.model.autoencoder;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An autoencoder without weights: the lowest coefficients of an orthonormal blockwise cosine
 * transform, as JPEG keeps them. It makes the whole pipeline run with nothing to download.
 *
 * <p>Latent channels are n luma coefficients, then m of each chroma plane, each in zig-zag order;
 * the opponent colour transform is orthonormal ({@code DctBasis}). The posterior is a point: its
 * log variance is the least that moments hold, -30. One scaling factor serves all channels; scaling
 * each of them to unit variance was measured to train worse.
 *
 * <p>Immutable and, unlike autoencoders in general, safe for use by several threads.
 */
public final class DctAutoencoder implements Autoencoder {
  /** Deviation of pixel values in [-1, 1] over real clips; sets the scaling factor. */
  static final double PIXEL_DEVIATION = 0.5;

  private static final int COLOURS = 3;
  private static final float POINT_LOG_VARIANCE = -30;
  private static final String TRANSFORM = "orthonormal opponent colours, DCT-II, zig-zag, v1";

  private final DctSettings settings;
  private final double[][] basis;

  /** An autoencoder that keeps what the settings say. */
  public DctAutoencoder(DctSettings settings) {
    this.settings = settings;
    this.basis = DctBasis.vectors(settings);
  }

  /** What is kept. */
  public DctSettings settings() {
    return settings;
  }

  @Override
  public int latentChannels() {
    return settings.latentChannels();
  }

  @Override
  public int downsampling() {
    return settings.blockSize();
  }

  /**
   * Gives latents about unit deviation over all channels. A rotation keeps the energy of a block's
   * 3 b² values, nearly all of it in the C values kept: their mean square is 3 b² / C times the
   * pixels'.
   */
  @Override
  public double scalingFactor() {
    int b = settings.blockSize();
    return Math.sqrt(latentChannels() / (double) (COLOURS * b * b)) / PIXEL_DEVIATION;
  }

  @Override
  public String fingerprint() {
    return settings.name()
        + ":"
        + Fingerprints.sha256(
            (settings.name() + "; " + TRANSFORM).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public float[] encode(float[] images, int batch, int height, int width) {
    int b = settings.blockSize();
    ImageShape shape =
        new ImageShape(batch, COLOURS, height, width)
            .requireMultipleOf(b)
            .requireLength(images, "images to encode");
    ImageShape moments = new ImageShape(batch, 2 * latentChannels(), height / b, width / b);
    int plane = moments.height() * moments.width();
    float[] out = new float[moments.length()];
    double[] block = new double[COLOURS * b * b];
    for (int image = 0; image < batch; image++) {
      int start = image * moments.imageLength();
      for (int place = 0; place < plane; place++) {
        int corner = corner(image, place, shape);
        for (int i = 0; i < block.length; i++) {
          block[i] = images[corner + offset(i, shape)];
        }
        for (int c = 0; c < basis.length; c++) {
          out[start + c * plane + place] = (float) dot(basis[c], block);
        }
      }
      Arrays.fill(
          out, start + latentChannels() * plane, start + moments.imageLength(), POINT_LOG_VARIANCE);
    }
    return out;
  }

  @Override
  public float[] decode(float[] latents, int batch, int height, int width) {
    int b = settings.blockSize();
    ImageShape shape =
        new ImageShape(batch, latentChannels(), height, width)
            .requireLength(latents, "latents to decode");
    ImageShape images =
        new ImageShape(batch, COLOURS, Math.multiplyExact(height, b), Math.multiplyExact(width, b));
    int plane = height * width;
    float[] out = new float[images.length()];
    double[] block = new double[COLOURS * b * b];
    for (int image = 0; image < batch; image++) {
      for (int place = 0; place < plane; place++) {
        Arrays.fill(block, 0);
        for (int c = 0; c < basis.length; c++) {
          addMultiple(latents[image * shape.imageLength() + c * plane + place], basis[c], block);
        }
        int corner = corner(image, place, images);
        for (int i = 0; i < block.length; i++) {
          out[corner + offset(i, images)] = (float) block[i];
        }
      }
    }
    return out;
  }

  /** Nothing to free. */
  @Override
  public void close() {}

  /** Index of the first pixel of a block in an array of images. */
  private int corner(int image, int place, ImageShape images) {
    int b = settings.blockSize();
    int columns = images.width() / b;
    return image * images.imageLength()
        + place / columns * b * images.width()
        + place % columns * b;
  }

  /** Distance of a block's i-th value (colour, row, column) from its first, in an image. */
  private int offset(int i, ImageShape images) {
    int b = settings.blockSize();
    int colour = i / (b * b);
    int row = i / b % b;
    return (colour * images.height() + row) * images.width() + i % b;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void addMultiple(double factor, double[] vector, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * vector[i];
    }
  }
}
