package org.latte4j.spark.bench;

import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.training.LatteTrainer;

/**
 * Times training steps (noise, forward, both loss terms, backward, Adam) of a model without classes
 * on random clips, after one step for warming up.
 */
public final class StepBenchmark {

  private final LatteConfiguration sizes;
  private final LattePlan plan;
  private final int batch;
  private final int threads;

  /**
   * A measurement.
   *
   * @param plan clips of a step, and whether blocks keep their activations; without images
   * @param threads threads of BLAS and kernels
   */
  public StepBenchmark(LatteConfiguration sizes, LattePlan plan, int threads) {
    this.sizes = sizes;
    this.plan = plan;
    this.batch = plan.batch();
    this.threads = threads;
  }

  /** Makes {@code runs} timed steps. */
  public Timings run(int runs) {
    int length = batch * sizes.latent().length();
    float[] clips = new float[length];
    float[] noise = new float[length];
    RandomStream random = RandomStream.of(0, Purpose.NOISE, 0);
    random.normals(clips);
    int[] t = new int[batch];
    double[] seconds = new double[runs];
    try (LatteTrainer trainer =
        LatteTrainer.of(sizes).purpose(plan.purpose()).threads(threads).build(batch)) {
      trainer.initialise();
      for (int run = -1; run < runs; run++) {
        random.normals(noise);
        for (int i = 0; i < batch; i++) {
          t[i] = random.below(NoiseSchedule.STEPS);
        }
        long start = System.nanoTime();
        trainer.step(clips, noise, t, new int[0]);
        if (run >= 0) {
          seconds[run] = (System.nanoTime() - start) / 1e9;
        }
      }
    }
    return Timings.of(seconds);
  }
}
