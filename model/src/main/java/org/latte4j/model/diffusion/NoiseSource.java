package org.latte4j.model.diffusion;

/**
 * Where a sampler's standard normal values come from.
 *
 * <p>What is drawn depends on the arguments alone, not on earlier calls: a sampler leaves out draws
 * that it does not need.
 */
public interface NoiseSource {
  /**
   * The latents that sampling starts from.
   *
   * @param out receives B clips [B, F, C, H, W]
   */
  void start(float[] out);

  /**
   * The noise added on the way from one step to the one before it.
   *
   * @param step the step being left, counted in the sampler's schedule: 1 or more
   * @param out receives B clips [B, F, C, H, W]
   */
  void at(int step, float[] out);
}
