package org.latte4j.model.diffusion;

import java.util.Arrays;

/**
 * The training loss: mean squared error of what the network predicts, weighted as the {@link
 * Objective} says, plus the variational bound of the step. Improved DDPM (arXiv 2102.09672),
 * section 3.1 (L_hybrid), with the reference's weight of 1 for the bound.
 *
 * <p>The bound is in bits a value (nats / ln 2): the divergence of the learned reverse step from
 * the posterior, and at step 0 the decoder's negative log-likelihood. Its gradient reaches only the
 * variance values: the prediction counts as a constant in it. It knows the prediction by the x_0
 * that this implies, so that the variance values mean the same whatever is predicted.
 *
 * <p>Letters: B batch, F frames, C latent channels, H and W latent height and width. Arrays are
 * row-major; they may be longer than the batch needs. A call allocates nothing; results are kept
 * until the next. Not thread-safe; one instance a network.
 */
public final class TrainingLoss {
  private static final double LN_2 = StrictMath.log(2);

  private final NoiseSchedule schedule;
  private final LatentShape shape;
  private final Objective objective;
  private final double[] mse;
  private final double[] weight;
  private final double[] bound;
  private final DiscretizedGaussian decoder = new DiscretizedGaussian();
  private int items;

  /**
   * The reference's, for batches of up to {@code capacity} clips.
   *
   * @param schedule the steps trained on
   */
  public TrainingLoss(NoiseSchedule schedule, LatentShape shape, int capacity) {
    this(schedule, shape, Objective.REFERENCE, capacity);
  }

  /**
   * For batches of up to {@code capacity} clips.
   *
   * @param schedule the steps trained on
   * @param objective what is predicted, and how much each step counts
   */
  public TrainingLoss(
      NoiseSchedule schedule, LatentShape shape, Objective objective, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "a batch holds at least one clip, not %d".formatted(capacity));
    }
    this.schedule = schedule;
    this.shape = shape;
    this.objective = objective;
    mse = new double[capacity];
    weight = new double[capacity];
    bound = new double[capacity];
  }

  /**
   * Mixes clean latents and noise to the noisy latents of each clip's step: x_t = sqrt(alphaBar)
   * x_0 + sqrt(1 - alphaBar) noise.
   *
   * @param start clean latents x_0 [B, F, C, H, W]
   * @param noise standard normal values [B, F, C, H, W]
   * @param steps step of each clip [B]
   * @param noisy receives x_t [B, F, C, H, W]
   */
  public void addNoise(float[] start, float[] noise, int[] steps, float[] noisy) {
    checkSteps(steps);
    int length = shape.length();
    check("start", start, steps.length * length);
    check("noise", noise, steps.length * length);
    check("noisy", noisy, steps.length * length);
    for (int item = 0; item < steps.length; item++) {
      int step = steps[item];
      for (int i = item * length; i < (item + 1) * length; i++) {
        noisy[i] = (float) schedule.noisy(step, start[i], noise[i]);
      }
    }
  }

  /**
   * Computes each clip's loss and the gradient with respect to the network's output.
   *
   * @param start clean latents x_0 [B, F, C, H, W]
   * @param noise the noise that was added [B, F, C, H, W]
   * @param noisy x_t, as {@link #addNoise} made it [B, F, C, H, W]
   * @param steps step of each clip [B]
   * @param output the network's output [B, F, 2C, H, W]: in each frame the prediction, then
   *     variance values
   * @param itemWeight what each clip's loss counts in the total: 1 / clips of the whole batch, also
   *     when this call sees only a part of it
   * @param gradient receives itemWeight times the gradient of the clips' losses [B, F, 2C, H, W]
   */
  public void evaluate(
      float[] start,
      float[] noise,
      float[] noisy,
      int[] steps,
      float[] output,
      double itemWeight,
      float[] gradient) {
    checkSteps(steps);
    int length = shape.length();
    check("start", start, steps.length * length);
    check("noise", noise, steps.length * length);
    check("noisy", noisy, steps.length * length);
    check("output", output, steps.length * 2 * length);
    check("gradient", gradient, steps.length * 2 * length);
    items = steps.length;
    double scale = itemWeight / length;
    int frameLength = shape.frameLength();
    for (int item = 0; item < items; item++) {
      double squares = 0;
      double nats = 0;
      weight[item] = objective.weight(schedule, steps[item]);
      double weighted = weight[item] * scale;
      for (int frame = item * shape.frames(); frame < (item + 1) * shape.frames(); frame++) {
        int from = frame * frameLength;
        squares += predictionTerm(steps[item], start, noise, from, output, weighted, gradient);
        nats +=
            steps[item] == 0
                ? decoderTerm(start, noisy, from, output, scale, gradient)
                : divergenceTerm(steps[item], start, noisy, from, output, scale, gradient);
      }
      mse[item] = squares / length;
      bound[item] = nats / length / LN_2;
    }
  }

  /** Squared error of one frame's prediction; sets the gradient of the predicted channels. */
  private double predictionTerm(
      int step,
      float[] start,
      float[] noise,
      int from,
      float[] output,
      double scale,
      float[] gradient) {
    Prediction prediction = objective.prediction();
    int predicted = 2 * from;
    double squares = 0;
    for (int i = 0; i < shape.frameLength(); i++) {
      double target = prediction.target(schedule, step, start[from + i], noise[from + i]);
      double error = output[predicted + i] - target;
      squares += error * error;
      gradient[predicted + i] = (float) (2 * error * scale);
    }
    return squares;
  }

  /**
   * KL(q(x_{t-1} | x_t, x_0) || p(x_{t-1} | x_t)) of one frame, in nats; sets the gradient of the
   * variance values.
   */
  private double divergenceTerm(
      int step,
      float[] start,
      float[] noisy,
      int from,
      float[] output,
      double scale,
      float[] gradient) {
    int predicted = 2 * from;
    int variance = predicted + shape.frameLength();
    double logVariance = schedule.posteriorLogVariance(step);
    double trueVariance = StrictMath.exp(logVariance);
    double startWeight = schedule.posteriorStartWeight(step);
    Prediction prediction = objective.prediction();
    double gradientScale = valueGradient(step) * scale / LN_2;
    double nats = 0;
    for (int i = 0; i < shape.frameLength(); i++) {
      double predictedStart =
          prediction.start(schedule, step, noisy[from + i], output[predicted + i]);
      double learned = schedule.learnedLogVariance(step, output[variance + i]);
      // Both means hold the same multiple of x_t: their difference comes from x_0 alone.
      double meanError = startWeight * (start[from + i] - predictedStart);
      double ratio = (trueVariance + meanError * meanError) * StrictMath.exp(-learned);
      nats += 0.5 * (learned - logVariance - 1 + ratio);
      gradient[variance + i] = (float) (0.5 * (1 - ratio) * gradientScale);
    }
    return nats;
  }

  /**
   * Negative log-likelihood of one frame's x_0 at step 0, in nats; sets the gradient of the
   * variance values.
   */
  private double decoderTerm(
      float[] start, float[] noisy, int from, float[] output, double scale, float[] gradient) {
    int predicted = 2 * from;
    int variance = predicted + shape.frameLength();
    // Single precision as in the decoder. At step 0 the posterior's mean is x_0 itself.
    float noisyWeight = (float) objective.prediction().noisyWeight(schedule, 0);
    float predictedWeight = (float) objective.prediction().predictedWeight(schedule, 0);
    float logBeta = (float) schedule.logBeta(0);
    float posteriorLogVariance = (float) schedule.posteriorLogVariance(0);
    double gradientScale = valueGradient(0) * scale / LN_2;
    double nats = 0;
    for (int i = 0; i < shape.frameLength(); i++) {
      float mean = noisyWeight * noisy[from + i] - predictedWeight * output[predicted + i];
      float share = (output[variance + i] + 1) / 2;
      decoder.evaluate(start[from + i], mean, share * logBeta + (1 - share) * posteriorLogVariance);
      nats -= decoder.logLikelihood();
      gradient[variance + i] = (float) (-decoder.logVarianceGradient() * gradientScale);
    }
    return nats;
  }

  /** Derivative of the learned log variance with respect to the variance value. */
  private double valueGradient(int step) {
    return (schedule.logBeta(step) - schedule.posteriorLogVariance(step)) / 2;
  }

  /** Loss of a clip of the last evaluation: {@link #weightedMse} plus {@link #bound}. */
  public double loss(int item) {
    return weightedMse(item) + bound(item);
  }

  /** Mean squared error of a clip's prediction. */
  public double mse(int item) {
    return mse[checkItem(item)];
  }

  /** {@link #mse} times the objective's weight of the clip's step. */
  public double weightedMse(int item) {
    return weight[checkItem(item)] * mse[item];
  }

  /** Variational bound of a clip's step, in bits a value. */
  public double bound(int item) {
    return bound[checkItem(item)];
  }

  /** Mean loss over the clips of the last evaluation. */
  public double meanLoss() {
    double sum = 0;
    for (int item = 0; item < items; item++) {
      sum += loss(item);
    }
    return sum / items;
  }

  private int checkItem(int item) {
    if (item < 0 || item >= items) {
      throw new IndexOutOfBoundsException(
          "clip %d: the last evaluation had %d clips".formatted(item, items));
    }
    return item;
  }

  private void checkSteps(int[] steps) {
    if (steps.length < 1 || steps.length > mse.length) {
      throw new IllegalArgumentException(
          "a batch of %d clips, where 1 to %d are planned for".formatted(steps.length, mse.length));
    }
    for (int step : steps) {
      if (step < 0 || step >= schedule.steps()) {
        throw new IllegalArgumentException(
            "step %d of %s is outside of the schedule's 0 to %d"
                .formatted(step, Arrays.toString(steps), schedule.steps() - 1));
      }
    }
  }

  private static void check(String name, float[] values, int needed) {
    if (values.length < needed) {
      throw new IllegalArgumentException(
          "'%s' holds %d values, fewer than the %d of the batch"
              .formatted(name, values.length, needed));
    }
  }
}
