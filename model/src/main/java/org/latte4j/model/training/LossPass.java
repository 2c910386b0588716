package org.latte4j.model.training;

import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.diffusion.NoiseSchedule;
import org.latte4j.model.diffusion.Objective;
import org.latte4j.model.diffusion.TrainingLoss;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.Tensor;
import org.latte4j.model.latte.Latte;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.LattePlan;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Forward pass, diffusion loss and backward pass over a batch, in micro-batches whose gradients are
 * summed. Planned once for its sizes; a run allocates nothing off-heap. Not thread-safe.
 */
final class LossPass implements AutoCloseable {
  private final Kernels kernels;
  private final int batch;
  private final LattePlan plan;
  private final LatentShape shape;
  private final Tensor gradients;
  private final Arena arena;
  private final Latte latte;
  private final TrainingLoss loss;
  private final Tensor x;
  private final Tensor dOut;
  private final float[] start;
  private final float[] noise;
  private final float[] noisy;
  private final float[] output;
  private final float[] outputGradient;
  private final int[] t;
  private final int[] y;
  private final int[] imageY;
  private final float[] text;
  private final Tensor texts;

  /**
   * Plans a pass.
   *
   * @param batch clips of a step
   * @param plan of one micro-batch, a divisor of the batch
   */
  LossPass(
      Kernels kernels,
      LatteConfiguration sizes,
      Objective objective,
      int batch,
      LattePlan plan,
      INDArray parameters,
      INDArray gradients) {
    int microBatch = plan.batch();
    if (batch % microBatch != 0) {
      throw new IllegalArgumentException(
          "a batch of %d clips cannot be cut into micro-batches of %d"
              .formatted(batch, microBatch));
    }
    this.kernels = kernels;
    this.batch = batch;
    this.plan = plan;
    this.shape = withImages(sizes.latent(), plan.images());
    this.gradients = kernels.wrap(gradients);
    this.latte = new Latte(kernels, sizes, plan, kernels.wrap(parameters), this.gradients);
    this.loss = new TrainingLoss(NoiseSchedule.linear(), shape, objective, microBatch);
    int length = microBatch * shape.length();
    this.arena = kernels.arena();
    this.x = arena.allocate(length);
    this.dOut = arena.allocate(2 * length);
    this.start = new float[length];
    this.noise = new float[length];
    this.noisy = new float[length];
    this.output = new float[2 * length];
    this.outputGradient = new float[2 * length];
    this.t = new int[microBatch];
    this.y = new int[sizes.conditional() ? microBatch : 0];
    this.imageY = new int[y.length * plan.images()];
    this.text = new float[microBatch * sizes.architecture().text().length()];
    this.texts = arena.allocate(Math.max(1, text.length));
  }

  /** A clip and its images: the loss is the mean over all of their frames, as the reference's. */
  private static LatentShape withImages(LatentShape clip, int images) {
    return new LatentShape(clip.frames() + images, clip.channels(), clip.height(), clip.width());
  }

  boolean serves(int batch, LattePlan plan) {
    return this.batch == batch && this.plan.equals(plan);
  }

  /**
   * Overwrites the gradient vector with the gradient of the mean loss.
   *
   * @param clipNorm highest norm of the gradient, or 0
   */
  StepResult run(INDArray starts, INDArray noises, INDArray conditions, double clipNorm) {
    kernels.fill(gradients, 0);
    Tensor allStarts = kernels.wrap(starts);
    Tensor allNoises = kernels.wrap(noises);
    double mse = 0;
    double weightedMse = 0;
    double vb = 0;
    int microBatch = plan.batch();
    for (int from = 0; from < batch; from += microBatch) {
      long offset = (long) from * shape.length();
      kernels.download(allStarts.slice(offset, start.length), start);
      kernels.download(allNoises.slice(offset, noise.length), noise);
      readConditions(conditions, from);
      readTexts(conditions, from);
      loss.addNoise(start, noise, t, noisy);
      kernels.upload(noisy, x);
      kernels.download(latte.forward(x, t, y, imageY), output);
      loss.evaluate(start, noise, noisy, t, output, 1.0 / batch, outputGradient);
      for (int i = 0; i < microBatch; i++) {
        mse += loss.mse(i) / batch;
        weightedMse += loss.weightedMse(i) / batch;
        vb += loss.bound(i) / batch;
      }
      kernels.upload(outputGradient, dOut);
      latte.backward(dOut);
    }
    double norm = Math.sqrt(kernels.sumOfSquares(gradients));
    if (clipNorm > 0 && norm > clipNorm) {
      kernels.scale(gradients, clipNorm / (norm + 1e-6));
    }
    return new StepResult(weightedMse + vb, mse, vb, norm);
  }

  /** Timestep, class and images' classes of each clip are a row. */
  private void readConditions(INDArray conditions, int firstClip) {
    for (int i = 0; i < plan.batch(); i++) {
      t[i] = conditions.getInt(firstClip + i, 0);
      if (y.length > 0) {
        y[i] = conditions.getInt(firstClip + i, 1);
        for (int image = 0; image < plan.images(); image++) {
          imageY[i * plan.images() + image] = conditions.getInt(firstClip + i, 2 + image);
        }
      }
    }
  }

  /** The rest of each clip's row is its text. */
  private void readTexts(INDArray conditions, int firstClip) {
    if (text.length == 0) {
      return;
    }
    int length = text.length / plan.batch();
    Tensor all = kernels.wrap(conditions);
    float[] one = new float[length];
    for (int i = 0; i < plan.batch(); i++) {
      kernels.download(all.slice((firstClip + i + 1) * conditions.size(1) - length, length), one);
      System.arraycopy(one, 0, text, i * length, length);
    }
    kernels.upload(text, texts);
    latte.text(texts);
  }

  @Override
  public void close() {
    latte.close();
    arena.close();
  }
}
