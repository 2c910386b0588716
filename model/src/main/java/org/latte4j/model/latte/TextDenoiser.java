package org.latte4j.model.latte;

import java.util.Arrays;
import java.util.List;
import org.latte4j.model.diffusion.LatentShape;

/**
 * A Latte that is told embeddings of CLIP. The text that stands for none is zeros, what training
 * left texts out with, unless another is set; without labels, no clip has a text. Not thread-safe.
 *
 * <p>Each clip is a pass of its own. BLAS sums up in an order that depends on the number of rows,
 * so that clips of larger passes would differ in their last bits with the batch that they are in.
 */
public final class TextDenoiser implements ToldDenoiser {
  private final LatteDenoiser network;
  private final int length;
  private float[] negative;
  private List<float[]> texts = List.of();

  /**
   * Around a network that is told texts.
   *
   * @param network closed with this object
   */
  public TextDenoiser(LatteDenoiser network) {
    this.network = network;
    this.length = network.configuration().architecture().text().length();
    this.negative = new float[length];
    if (length == 0) {
      throw new IllegalArgumentException("the network is told no text");
    }
  }

  @Override
  public void texts(List<float[]> embeddings) {
    embeddings.forEach(this::check);
    texts = List.copyOf(embeddings);
  }

  @Override
  public void negative(float[] embedding) {
    check(embedding);
    negative = embedding;
  }

  private void check(float[] embedding) {
    if (embedding.length != length) {
      throw new IllegalArgumentException(
          "a text has %d values, not %d".formatted(length, embedding.length));
    }
  }

  @Override
  public void denoise(float[] x, int[] t, int[] y, float[] out) {
    LatentShape latent = network.configuration().latent();
    int clipLength = latent.length();
    if (x.length != t.length * clipLength || out.length != 2 * x.length) {
      throw new IllegalArgumentException(
          "%d clips of %s need %d latents and %d outputs, not %d and %d"
              .formatted(
                  t.length,
                  latent,
                  t.length * clipLength,
                  2 * t.length * clipLength,
                  x.length,
                  out.length));
    }
    float[] clipOut = new float[2 * clipLength];
    for (int clip = 0; clip < t.length; clip++) {
      boolean told = y.length > 0 && y[clip] != NO_TEXT;
      network.denoiseWithText(
          Arrays.copyOfRange(x, clip * clipLength, (clip + 1) * clipLength),
          new int[] {t[clip]},
          told ? texts.get(y[clip]) : negative,
          clipOut);
      System.arraycopy(clipOut, 0, out, clip * clipOut.length, clipOut.length);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
