package org.latte4j.model.diffusion;

/**
 * The first frame of every clip of a batch, held at known latents while the others are sampled: at
 * each step it is replaced by the known latents with as much noise as the step has, and at the end
 * by the known latents themselves. Replacement as Song et al. (arXiv 2011.13456, appendix I.2) and
 * Ho et al. (arXiv 2204.03458, section 3.1) describe it.
 *
 * <p>The noise is the same at every step: the frame follows the deterministic path of its latents.
 */
final class HeldFrame {
  private final NoiseSchedule schedule;
  private final float[] known;
  private final int clipLength;
  private final float[] noise;

  /**
   * Holds a frame from its clip's start on.
   *
   * @param known clean latents [C, H, W]; empty if all frames are sampled
   * @param start the latents that sampling starts from [B, F, C, H, W], noise alone
   */
  HeldFrame(NoiseSchedule schedule, LatentShape shape, float[] known, float[] start) {
    this.schedule = schedule;
    this.known = known;
    this.clipLength = shape.length();
    this.noise = new float[start.length / clipLength * known.length];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = start[position(i)];
    }
  }

  /** Puts the frame into latents that are to be denoised from this step on. */
  void at(int step, float[] x) {
    for (int i = 0; i < noise.length; i++) {
      x[position(i)] = (float) schedule.noisy(step, known[i % known.length], noise[i]);
    }
  }

  /** Puts the frame into clean latents. */
  void atTheEnd(float[] x) {
    for (int i = 0; i < noise.length; i++) {
      x[position(i)] = known[i % known.length];
    }
  }

  private int position(int i) {
    return i / known.length * clipLength + i % known.length;
  }
}
