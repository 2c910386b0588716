package org.latte4j.model.latte;

import java.util.List;
import org.latte4j.model.diffusion.ClipwiseDenoiser;
import org.latte4j.model.diffusion.Denoiser;

/**
 * A Latte that is told embeddings of CLIP. The text that stands for none is zeros, what training
 * left texts out with, unless another is set; without labels, no clip has a text. Not thread-safe.
 *
 * <p>Each clip is a pass of its own ({@link ClipwiseDenoiser}).
 */
public final class TextDenoiser implements ToldDenoiser {
  private final LatteDenoiser network;
  private final Denoiser clipwise;
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
    this.clipwise = new ClipwiseDenoiser(this::denoiseClip, network.configuration().latent());
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
    clipwise.denoise(x, t, y, out);
  }

  private void denoiseClip(float[] x, int[] t, int[] y, float[] out) {
    boolean told = y.length > 0 && y[0] != NO_TEXT;
    network.denoiseWithText(x, t, told ? texts.get(y[0]) : negative, out);
  }

  @Override
  public void close() {
    network.close();
  }
}
