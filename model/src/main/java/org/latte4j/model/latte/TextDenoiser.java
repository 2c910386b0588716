package org.latte4j.model.latte;

import java.util.Arrays;
import java.util.List;
import org.latte4j.model.diffusion.Denoiser;
import org.latte4j.model.diffusion.LatentShape;

/**
 * A Latte that is told texts, for samplers and guidance, which know labels: label i is the i-th of
 * the texts that were set last, and {@link #NO_TEXT} is none: zeros, what training left texts out
 * with. Without labels no clip has a text. Not thread-safe.
 *
 * <p>Each clip is a pass of its own. BLAS sums up in an order that depends on the number of rows,
 * so that clips of larger passes would differ in their last bits with the batch that they are in.
 */
public final class TextDenoiser implements Denoiser {
  /** The label of a clip without text: what guidance leads away from. */
  public static final int NO_TEXT = -1;

  private final LatteDenoiser network;
  private final int length;
  private final float[] noText;
  private List<float[]> texts = List.of();

  /**
   * Around a network that is told texts.
   *
   * @param network closed by the caller
   */
  public TextDenoiser(LatteDenoiser network) {
    this.network = network;
    this.length = network.configuration().architecture().text().length();
    this.noText = new float[length];
    if (length == 0) {
      throw new IllegalArgumentException("the network is told no text");
    }
  }

  /**
   * Sets the texts that labels stand for from now on.
   *
   * @param embeddings [77, 768] each; kept, not copied
   */
  public void texts(List<float[]> embeddings) {
    for (float[] embedding : embeddings) {
      if (embedding.length != length) {
        throw new IllegalArgumentException(
            "a text has %d values, not %d".formatted(length, embedding.length));
      }
    }
    texts = List.copyOf(embeddings);
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
          told ? texts.get(y[clip]) : noText,
          clipOut);
      System.arraycopy(clipOut, 0, out, clip * clipOut.length, clipOut.length);
    }
  }
}
