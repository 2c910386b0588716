package org.latte4j.spark.autoencoder;

import java.io.IOException;
import java.util.List;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.model.autoencoder.AutoencoderStep;
import org.latte4j.model.autoencoder.AutoencoderTrainer;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.spark.averaging.StepMetrics;
import org.latte4j.spark.train.Batches;

/** Crops of frames, and the noise of their posteriors. Not thread-safe. */
final class FrameBatches implements Batches<AutoencoderTrainer> {
  private final FrameCrops frames;
  private final TrainingPlan plan;
  private final int imageLength;
  private final int latentLength;
  private final float[] images;
  private final float[] noise;

  /**
   * Batches of a plan.
   *
   * @param frames closed with these
   * @param trainer whose sizes they have
   */
  FrameBatches(FrameCrops frames, TrainingPlan plan, AutoencoderTrainer trainer) {
    this.frames = frames;
    this.plan = plan;
    this.imageLength = trainer.imageLength();
    this.latentLength = trainer.latentLength();
    this.images = new float[Math.multiplyExact(plan.batch(), imageLength)];
    this.noise = new float[Math.multiplyExact(plan.batch(), latentLength)];
  }

  @Override
  public Drawn<AutoencoderTrainer> batch(int worker, long round, int step) throws IOException {
    for (int item = 0; item < plan.batch(); item++) {
      TrainingPlan.Visit visit = plan.visit(worker, round, step, item);
      frames.read(visit, images, item * imageLength);
      RandomStream.of(plan.seed(), Purpose.POSTERIOR, visit.sample())
          .normals(noise, item * latentLength, latentLength);
    }
    return this::step;
  }

  private StepMetrics step(AutoencoderTrainer trainer) {
    AutoencoderStep result = trainer.step(images, noise);
    return new StepMetrics(
        result.loss(),
        result.gradientNorm(),
        List.of(result.reconstruction(), result.divergence()));
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }
}
