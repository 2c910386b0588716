package org.latte4j.model.autoencoder;

import java.util.Objects;
import org.latte4j.model.kernels.Arena;
import org.latte4j.model.kernels.CountingKernels;
import org.latte4j.model.kernels.Kernels;
import org.latte4j.model.kernels.KernelsChoice;
import org.latte4j.model.training.FlatTrainer;
import org.latte4j.model.training.FlatVector;
import org.latte4j.model.training.LearningRateSchedule;
import org.latte4j.model.training.TorchAdam;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One replica of an AutoencoderKL in training: flat parameters, Adam's state and the step count.
 *
 * <p>Two trainers with the same settings that are given the same parameters, updater state, step
 * and data go on to the same bits. Not thread-safe. Closing frees the off-heap memory.
 */
public final class AutoencoderTrainer implements FlatTrainer {
  private static final int COLOURS = 3;

  private final AutoencoderKlConfig config;
  private final int size;
  private final int batch;
  private final double clipNorm;
  private final int clipStartStep;
  private final Kernels kernels;
  private final INDArray parameters;
  private final INDArray gradients;
  private final INDArray moments;
  private final TorchAdam.BiasCorrectedUpdater updater;
  private final KlLossPass pass;
  private int step;

  private AutoencoderTrainer(Builder builder, int size, int batch) {
    this.config = builder.config;
    this.size = size;
    this.batch = batch;
    this.clipNorm = builder.clipNorm;
    this.clipStartStep = builder.clipStartStep;
    this.kernels = KernelsChoice.forBackend(builder.threads);
    long length = new KlParameterLayout(config).length();
    this.parameters = Nd4j.create(DataType.FLOAT, new long[] {1, length}, 'c');
    this.gradients = Nd4j.create(DataType.FLOAT, new long[] {1, length}, 'c');
    this.moments = Nd4j.create(DataType.FLOAT, new long[] {1, 2 * length}, 'c');
    this.updater = builder.adam().instantiate(moments, true);
    KlLoss loss = new KlLoss(builder.klWeight, batch);
    this.pass =
        new KlLossPass(
            kernels,
            config,
            loss,
            size,
            kernels.wrap(parameters).reshape(Math.toIntExact(length)),
            kernels.wrap(gradients).reshape(Math.toIntExact(length)));
  }

  /** Settings of a trainer for networks of these sizes. */
  public static Builder of(AutoencoderKlConfig config) {
    return new Builder(config);
  }

  /**
   * Bytes of activations and their gradients that training on images of one size takes, as the
   * vector kernels' arena counts them; found by a pass that computes nothing.
   */
  public static long activationBytes(AutoencoderKlConfig config, int size) {
    int length = Math.toIntExact(new KlParameterLayout(config).length());
    try (Kernels counting = new CountingKernels();
        Arena arena = counting.arena();
        KlLossPass pass =
            new KlLossPass(
                counting,
                config,
                new KlLoss(0, 1),
                size,
                arena.allocate(length),
                arena.allocate(length))) {
      pass.run(new float[COLOURS * size * size], new float[pass.latentLength()], 0);
      return pass.activationBytes();
    }
  }

  /** Settings; every one has a default. */
  public static final class Builder {
    private final AutoencoderKlConfig config;
    private LearningRateSchedule learningRate =
        new LearningRateSchedule(1e-4, 0, 1, LearningRateSchedule.Decay.CONSTANT);
    private double klWeight = 1e-6;
    private double clipNorm;
    private int clipStartStep;
    private int threads = 1;

    private Builder(AutoencoderKlConfig config) {
      this.config = Objects.requireNonNull(config);
    }

    /** Learning rate over steps; 1e-4 without one. */
    public Builder learningRate(LearningRateSchedule schedule) {
      this.learningRate = Objects.requireNonNull(schedule);
      return this;
    }

    /**
     * Factor of the posterior's divergence in the loss; 1e-6, latent diffusion's, is the default.
     */
    public Builder klWeight(double weight) {
      this.klWeight = weight;
      return this;
    }

    /**
     * Highest norm of the gradient; 0, the default, for no clipping.
     *
     * @param startStep first step whose gradient is clipped
     */
    public Builder clipping(double norm, int startStep) {
      this.clipNorm = norm;
      this.clipStartStep = startStep;
      return this;
    }

    /** Threads of the arithmetic; 1 is the default. No influence on results. */
    public Builder threads(int count) {
      this.threads = count;
      return this;
    }

    private TorchAdam adam() {
      TorchAdam adam = new TorchAdam(learningRate.getRate());
      adam.setLearningRateSchedule(learningRate);
      return adam;
    }

    /**
     * A trainer whose parameters and updater state are all zeros.
     *
     * @param size S: side of the images in pixels, a multiple of the network's downsampling
     * @param batch images of a step
     */
    public AutoencoderTrainer build(int size, int batch) {
      return new AutoencoderTrainer(this, size, batch);
    }
  }

  /** Sets the parameters to their initial values under a seed. */
  public AutoencoderTrainer initialise(long seed) {
    parameterVector().initialise(new KlParameterLayout(config), seed);
    return this;
  }

  /** Colour values of one image: 3 S S. */
  public int imageLength() {
    return COLOURS * size * size;
  }

  /** Values of one image's latents, and of the noise that a step takes for it. */
  public int latentLength() {
    return pass.latentLength();
  }

  /** A view of the parameters for copying slices in and out. */
  @Override
  public FlatVector parameterVector() {
    return new FlatVector(kernels, parameters);
  }

  /** A view of Adam's state for copying slices in and out: first moments, then second. */
  @Override
  public FlatVector updaterStateVector() {
    return new FlatVector(kernels, moments);
  }

  /** Steps made so far; Adam's bias correction and the schedule follow it. */
  public int step() {
    return step;
  }

  /** Goes on from a step number, after parameters and state were set. */
  @Override
  public void step(int count) {
    this.step = count;
  }

  /** Sets Adam's moments to zero; its bias correction begins anew with the next step. */
  @Override
  public void resetUpdater() {
    moments.assign(0);
    updater.momentsBeginAt(step);
  }

  /**
   * One step: encoder, draw from the posterior, decoder, loss, backward, clipping, Adam. A step
   * whose loss or gradient norm is not finite changes neither parameters nor moments, and is
   * counted like any other.
   *
   * @param images [B, 3, S, S] in [-1, 1]
   * @param noise standard normal [B, C, S / f, S / f]
   */
  public AutoencoderStep step(float[] images, float[] noise) {
    if (images.length != batch * imageLength() || noise.length != batch * latentLength()) {
      throw new IllegalArgumentException(
          "a step of %d images needs %d and %d values, not %d and %d"
              .formatted(
                  batch,
                  batch * imageLength(),
                  batch * latentLength(),
                  images.length,
                  noise.length));
    }
    AutoencoderStep result = pass.run(images, noise, step >= clipStartStep ? clipNorm : 0);
    if (result.finite()) {
      updater.applyUpdater(gradients, step, 0);
      parameters.subi(gradients);
    }
    step++;
    return result;
  }

  @Override
  public void close() {
    pass.close();
    kernels.close();
    parameters.close();
    gradients.close();
    moments.close();
  }
}
