package org.latte4j.model.diffusion;

/** Is told of each step that a sampler has taken: for progress, or to keep intermediate latents. */
@FunctionalInterface
public interface SamplingObserver {
  /**
   * A step is done.
   *
   * @param done steps taken so far, from 1
   * @param total steps in all
   * @param x latents after this step [B, F, C, H, W]: to read or copy, not to change or keep
   */
  void stepDone(int done, int total, float[] x);
}
