package org.latte4j.model.diffusion;

import java.util.Arrays;

/**
 * One call of the wrapped denoiser for every clip. BLAS adds up in an order that depends on the
 * number of rows of a matrix, so that a clip's output would differ in its last bits with the batch
 * that the clip is in. A clip fills the matrices by itself: it costs next to nothing on a CPU. Not
 * thread-safe.
 */
public final class ClipwiseDenoiser implements Denoiser {
  private final Denoiser denoiser;
  private final LatentShape clip;
  private final float[] output;

  /**
   * Around a denoiser.
   *
   * @param clip size of one clip
   */
  public ClipwiseDenoiser(Denoiser denoiser, LatentShape clip) {
    this.denoiser = denoiser;
    this.clip = clip;
    this.output = new float[2 * clip.length()];
  }

  @Override
  public void denoise(float[] x, int[] t, int[] y, float[] out) {
    int length = clip.length();
    if (x.length != t.length * length || out.length != 2 * x.length) {
      throw new IllegalArgumentException(
          "%d clips of %s need %d latents and %d outputs, not %d and %d"
              .formatted(
                  t.length, clip, t.length * length, 2 * t.length * length, x.length, out.length));
    }
    for (int i = 0; i < t.length; i++) {
      int[] label = y.length == 0 ? y : new int[] {y[i]};
      float[] latents = Arrays.copyOfRange(x, i * length, (i + 1) * length);
      denoiser.denoise(latents, new int[] {t[i]}, label, output);
      System.arraycopy(output, 0, out, i * output.length, output.length);
    }
  }
}
