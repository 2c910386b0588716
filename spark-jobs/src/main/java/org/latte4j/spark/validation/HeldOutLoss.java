package org.latte4j.spark.validation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.latte4j.data.clip.ClipReader;
import org.latte4j.data.clip.TrainingPlan;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.diffusion.Prediction;
import org.latte4j.model.diffusion.TrainingLoss;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LatteDenoiser;
import org.latte4j.model.random.Purpose;
import org.latte4j.model.random.RandomStream;

/**
 * The training loss of a fixed network, all timesteps alike, on held-out clips, with true labels or
 * texts: one forward pass a clip, over a batch of the same clip and noise at one timestep of every
 * band. Not thread-safe.
 */
final class HeldOutLoss {
  private final ValidationPlan plan;
  private final LatteConfiguration sizes;
  private final LatteDenoiser denoiser;
  private final TrainingLoss loss;
  private final float[] starts;
  private final float[] noises;
  private final float[] noisy;
  private final float[] output;
  private final float[] gradient;
  private final int[] t;
  private final int[] y;
  private final int textLength;
  private final float[] text;

  HeldOutLoss(
      ValidationPlan plan,
      LatteConfiguration sizes,
      Prediction prediction,
      LatteDenoiser denoiser) {
    this.plan = plan;
    this.sizes = sizes;
    this.denoiser = denoiser;
    this.loss =
        new TrainingLoss(
            NoiseSchedule.linear(), sizes.latent(), Objective.of(prediction), plan.bands());
    int values = plan.bands() * sizes.latent().length();
    this.starts = new float[values];
    this.noises = new float[values];
    this.noisy = new float[values];
    this.output = new float[2 * values];
    this.gradient = new float[2 * values];
    this.t = new int[plan.bands()];
    this.y = new int[sizes.conditional() ? plan.bands() : 0];
    this.textLength = sizes.architecture().text().length();
    this.text = new float[plan.bands() * textLength];
  }

  /** Evaluates one clip of the plan. */
  ClipLosses of(int clip, ClipReader clips) throws IOException {
    int length = sizes.latent().length();
    TrainingPlan.Visit visit = plan.visit(clip);
    int label = clips.read(visit, starts, 0);
    RandomStream.of(plan.seed(), Purpose.NOISE, visit.sample()).normals(noises, 0, length);
    for (int band = 0; band < plan.bands(); band++) {
      System.arraycopy(starts, 0, starts, band * length, length);
      System.arraycopy(noises, 0, noises, band * length, length);
      t[band] = plan.timestep(clip, band);
    }
    Arrays.fill(y, label);
    loss.addNoise(starts, noises, t, noisy);
    if (textLength > 0) {
      clips.readText(visit, text, 0);
      for (int band = 1; band < plan.bands(); band++) {
        System.arraycopy(text, 0, text, band * textLength, textLength);
      }
      denoiser.denoiseWithText(noisy, t, text, output);
    } else {
      denoiser.denoise(noisy, t, y, output);
    }
    loss.evaluate(starts, noises, noisy, t, output, 1, gradient);
    List<Double> mse = new ArrayList<>();
    List<Double> bound = new ArrayList<>();
    for (int band = 0; band < plan.bands(); band++) {
      mse.add(loss.mse(band));
      bound.add(loss.bound(band));
    }
    return new ClipLosses(clip, mse, bound);
  }
}
