package org.latte4j.spark.train;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.ImageReader;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;
import org.latte4j.model.training.LatteTrainer;
import org.latte4j.model.training.StepResult;
import org.latte4j.spark.averaging.StepMetrics;

/**
 * The samples of one step of one worker: clips, each with its images behind it. All that is drawn
 * follows from the seed and the samples' numbers in the run.
 *
 * <p>Not thread-safe.
 */
final class Batch implements Batches.Drawn<LatteTrainer> {
  private final TrainSettings settings;
  private final int clipLength;
  private final int frameLength;
  private final int sampleLength;
  private final int nullLabel;
  private final int images;
  private final float[] starts;
  private final float[] noises;
  private final int[] t;
  private final int[] y;
  private final int[] imageY;
  private final int textLength;
  private final float[] text;

  Batch(TrainSettings settings, LatteConfiguration sizes) {
    int samples = settings.stepSamples();
    this.settings = settings;
    this.images = settings.images().perClip();
    this.clipLength = sizes.latent().length();
    this.frameLength = sizes.latent().frameLength();
    this.sampleLength = clipLength + images * frameLength;
    this.nullLabel = sizes.nullLabel();
    this.starts = new float[Math.multiplyExact(samples, sampleLength)];
    this.noises = new float[starts.length];
    this.t = new int[samples];
    this.y = new int[sizes.conditional() ? samples : 0];
    this.imageY = new int[y.length * images];
    this.textLength = sizes.architecture().text().length();
    this.text = new float[Math.multiplyExact(samples, textLength)];
  }

  @Override
  public StepMetrics step(LatteTrainer trainer) {
    StepResult result =
        textLength > 0
            ? trainer.stepWithText(starts, noises, t, text)
            : trainer.step(starts, noises, t, y, imageY);
    return new StepMetrics(result.loss(), result.gradientNorm());
  }

  /**
   * Draws a sample.
   *
   * @param item its place in the batch
   * @param imageReader where its images are from, if it has any
   */
  void draw(int item, TrainingPlan.Visit visit, ClipReader clips, Optional<ImageReader> imageReader)
      throws IOException {
    int from = item * sampleLength;
    int label = clips.read(visit, starts, from);
    RandomStream.of(settings.seed(), Purpose.NOISE, visit.sample())
        .normals(noises, from, sampleLength);
    t[item] =
        RandomStream.of(settings.seed(), Purpose.TIMESTEP, visit.sample())
            .below(NoiseSchedule.STEPS);
    if (y.length > 0) {
      y[item] = orNull(label, visit.sample());
    }
    if (textLength > 0) {
      drawText(item, visit, clips);
    }
    for (int image = 0; image < images; image++) {
      int at = from + clipLength + image * frameLength;
      int imageLabel = imageReader.orElseThrow().read(visit, image, starts, at);
      if (y.length > 0) {
        imageY[item * images + image] = orNull(imageLabel, visit.sample(), image);
      }
    }
  }

  /** A text is left out as a label is; zeros stand for none. */
  private void drawText(int item, TrainingPlan.Visit visit, ClipReader clips) throws IOException {
    int at = item * textLength;
    if (dropped(visit.sample())) {
      Arrays.fill(text, at, at + textLength, 0);
    } else {
      clips.readText(visit, text, at);
    }
  }

  /** Label dropout: of each clip and of each image by itself, as in the reference. */
  private int orNull(int label, long... coordinates) {
    return dropped(coordinates) ? nullLabel : label;
  }

  private boolean dropped(long... coordinates) {
    return RandomStream.of(settings.seed(), Purpose.LABEL_DROPOUT, coordinates)
        .chance(settings.labelDropout());
  }
}
